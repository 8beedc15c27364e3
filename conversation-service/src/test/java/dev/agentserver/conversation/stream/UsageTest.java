package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.common.v1.ProviderUsage;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What a message's call used goes to whoever keeps the ledger: once, and with the message's end.
class UsageTest extends ServiceTest {
  private static final String RAW = "{\"prompt_tokens\": 12.0, \"completion_tokens\":5}";

  @Test
  void usageIsToldOnceWithTheEndOfTheMessage() {
    var writer = Writer.begin(alice, conversation(alice));
    var whole = complete(writer, usage());
    assertThat(complete(writer, usage())).isEqualTo(whole);
    assertThat(told(writer, "idempotency_key"))
        .containsExactly(key(writer.messageId(), writer.stream().getWriterEpoch()));
    assertThat(told(writer, "raw_usage")).containsExactly(RAW);
    assertThat(told(writer, "user_id")).containsExactly(alice.caller().principalId().toString());
    assertThat(told(writer, "conversation_id")).containsExactly(whole.getConversationId());
    assertThat(told(writer, "model")).containsExactly("gpt-5");
    assertThat(told(writer, "flavor")).containsExactly("chat");
  }

  @Test
  void aMessageThatFailsTellsWhatItUsedToo() {
    var writer = Writer.begin(alice, conversation(alice));
    alice
        .streams()
        .failMessage(
            FailMessageRequest.newBuilder()
                .setMessageId(writer.messageId())
                .setWriterEpoch(writer.stream().getWriterEpoch())
                .setReason("cut off")
                .setUsage(usage().setPartial(true))
                .build());
    assertThat(told(writer, "partial")).containsExactly("true");
  }

  @Test
  void anEndThatIsRefusedTellsNothing() {
    var writer = Writer.begin(alice, conversation(alice));
    assertProblem(
        Code.FAILED_PRECONDITION,
        "CONTENT_MISMATCH",
        () ->
            alice
                .streams()
                .completeMessage(writer.completion().addPartLengths(7).setUsage(usage()).build()));
    assertThat(told(writer, "model")).isEmpty();
  }

  @Test
  void whatAStoppedMessageUsedWasBilledAllTheSame() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "half");
    writer.stop();
    assertProblem(
        Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", () -> complete(writer, usage()));
    assertThat(told(writer, "raw_usage")).containsExactly(RAW);
    assertThat(writer.get().getState()).isEqualTo(Message.State.STATE_INCOMPLETE);
  }

  @Test
  void bothTheFencedWriterAndTheNextTellWhatTheyUsed() {
    var first = Writer.begin(alice, conversation(alice));
    var second = Writer.takeOver(alice, first.messageId());
    assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", () -> complete(first, usage()));
    complete(second, usage());
    assertThat(told(first, "idempotency_key"))
        .containsExactlyInAnyOrder(
            key(first.messageId(), first.stream().getWriterEpoch()),
            key(first.messageId(), second.stream().getWriterEpoch()));
  }

  @Test
  void aWriterThatWasLostTellsItWhenItHasComeBack() {
    var lost = Writer.begin(alice, conversation(alice));
    service.loseWriter(lost.messageId());
    assertProblem(Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", () -> complete(lost, usage()));
    assertThat(told(lost, "model")).isEmpty();
    complete(Writer.takeOver(alice, lost.messageId()), usage());
    assertThat(told(lost, "model")).hasSize(1);
  }

  @Test
  void aRunTellsItUnderItsLease() {
    var conversation = conversation(alice);
    var run = UUID.randomUUID();
    var caller =
        service.person(
            alice
                .caller()
                .within(
                    new RunScope(run, UUID.fromString(conversation.getId()), null, 3),
                    Set.of("conversation:read", "conversation:write")));
    var writer = Writer.begin(caller, conversation);
    complete(writer, usage());
    assertThat(told(writer, "run_id")).containsExactly(run.toString());
    assertThat(told(writer, "lease_epoch")).containsExactly("3");
  }

  @Test
  void whatIsNoUsageIsNamed() {
    var writer = Writer.begin(alice, conversation(alice));
    for (var bad : new String[] {"{", "12", "", "{} {}", "null", "{\"a\":}"}) {
      assertInvalid("usage.raw_usage", () -> complete(writer, usage().setRawUsage(bad)));
    }
    assertInvalid(
        "usage.raw_usage",
        () -> complete(writer, usage().setRawUsage("[\"" + "x".repeat(65_536) + "\"]")));
    assertInvalid("usage.provider", () -> complete(writer, usage().clearProvider()));
    assertInvalid("usage.hold_id", () -> complete(writer, usage().setHoldId("mine")));
    assertThat(writer.get().getState()).isEqualTo(Message.State.STATE_STREAMING);
    assertThat(told(writer, "model")).isEmpty();
  }

  @Test
  void whoMayRecordNoUsageTellsNone() {
    var conversation = conversation(alice);
    var without =
        service.person(
            alice
                .caller()
                .only(
                    alice.caller().permissions().stream()
                        .filter(permission -> !permission.startsWith("usage:"))
                        .collect(Collectors.toSet())));
    var writer = Writer.begin(without, conversation);
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> complete(writer, usage()));
    assertThat(writer.complete().getState()).isEqualTo(Message.State.STATE_COMPLETE);
  }

  private static Message complete(Writer writer, ProviderUsage.Builder usage) {
    CompleteMessageRequest request = writer.completion().setUsage(usage).build();
    return writer.person().streams().completeMessage(request);
  }

  private static ProviderUsage.Builder usage() {
    return ProviderUsage.newBuilder()
        .setProvider("openai")
        .setModel("gpt-5")
        .setFlavor("chat")
        .setRawUsage(RAW);
  }

  private static void assertInvalid(String field, ThrowingCallable call) {
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", call).field(field);
  }

  private static String key(String messageId, long epoch) {
    return "agentserver:message:" + messageId + ":" + epoch;
  }

  private List<String> told(Writer writer, String field) {
    return service.column(
        "select data ->> '%s' from outbox_fact where type = 'message.usage' and subject_id = '%s'"
            .formatted(field, writer.messageId()));
  }
}
