package dev.agentserver.conversation.message;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.stream.Writer;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import dev.agentserver.kit.test.Problems;
import io.grpc.Status.Code;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScreeningTest extends ServiceTest {
  private static final String CARD = "4111 1111 1111 1111";

  private Conversation conversation;

  @BeforeEach
  void rules() {
    conversation = conversation(alice);
    service.contentRules(
        """
        [{"name": "secret", "pattern": "(?i)swordfish", "action": "BLOCK"}, {"name": "cards", "detector": "CARD", "action": "REDACT"},
         {"name": "mail", "detector": "EMAIL", "action": "FLAG"}]""");
  }

  @AfterEach
  void noRules() {
    service.contentRules("[]");
  }

  @Test
  void aBlockedMessageIsRefusedAuditedAndNotStored() {
    var before = refusals();
    assertBlocked(() -> say(alice, conversation, "the word is Swordfish"));
    var batch =
        BatchCreateMessagesRequest.newBuilder()
            .setConversationId(conversation.getId())
            .addMessages(draft("fine"))
            .addMessages(draft("swordfish"))
            .build();
    assertBlocked(() -> alice.messages().batchCreateMessages(batch))
        .containsEntry("field", "messages[1].parts")
        .containsEntry("rule", "secret");
    var first = CreateConversationRequest.newBuilder().addMessages(draft("swordfish")).build();
    assertBlocked(() -> alice.conversations().createConversation(first));
    assertThat(refusals()).hasSize(before.size() + 3);
    assertThat(list()).isEmpty();
    assertThat(stored("swordfish")).isEmpty();
    assertThat(service.metrics())
        .containsPattern(
            "agentserver_content_rules_applied_total\\{action=\"BLOCK\",rule=\"secret\"");
  }

  @Test
  void whatIsRedactedIsNowhere() {
    var result =
        ToolResultPart.newBuilder()
            .setToolCallId("1")
            .setOutput(
                Value.newBuilder()
                    .setStructValue(
                        Struct.newBuilder()
                            .putFields("card", Value.newBuilder().setStringValue(CARD).build())
                            .putFields("n", Value.newBuilder().setNumberValue(1.5).build())))
            .build();
    var request =
        draft(conversation, "")
            .addParts(Part.newBuilder().setText("pay with " + CARD))
            .addParts(
                Part.newBuilder()
                    .setReasoning(
                        ReasoningPart.newBuilder().setText("hm, " + CARD).setSignature("s")))
            .addParts(Part.newBuilder().setToolResult(result))
            .build();
    var said = alice.messages().createMessage(request);
    assertThat(said.getContent()).isEqualTo("pay with [REDACTED:cards]");
    assertThat(said.getParts(1).getReasoning())
        .isEqualTo(ReasoningPart.newBuilder().setText("hm, [REDACTED:cards]").build());
    assertThat(said.getParts(2).getToolResult().getOutput().getStructValue().getFieldsMap())
        .containsEntry("card", Value.newBuilder().setStringValue("[REDACTED:cards]").build())
        .containsEntry("n", Value.newBuilder().setNumberValue(1.5).build());
    assertThat(said.getMetadataMap()).containsOnly(entry("content_flags", "cards"));
    assertThat(messageOf(said.getId())).isEqualTo(said);
    assertThat(stored("1111")).isEmpty();
  }

  @Test
  void whatIsFlaggedIsMarkedAndNobodyElseCanMark() {
    var said =
        alice
            .messages()
            .createMessage(
                draft(conversation, "write to a@example.com")
                    .putMetadata("content_flags", "none")
                    .putMetadata("mine", "kept")
                    .build());
    assertThat(said.getContent()).isEqualTo("write to a@example.com");
    assertThat(said.getMetadataMap())
        .containsOnly(entry("content_flags", "mail"), entry("mine", "kept"));
    var plain =
        alice
            .messages()
            .createMessage(
                draft(conversation, "hello").putMetadata("content_flags", "mail").build());
    assertThat(plain.getMetadataMap()).isEmpty();
  }

  @Test
  void anAnswerIsJudgedWhenItEndsAndItsPiecesDoNotTellMore() {
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "pay with 4111 1111 ");
    writer.text(19, "1111 1111, then write to a@example.com");
    var ended = writer.complete();
    assertThat(ended.getState()).isEqualTo(Message.State.STATE_COMPLETE);
    assertThat(ended.getContent())
        .isEqualTo("pay with [REDACTED:cards], then write to a@example.com");
    assertThat(ended.getMetadataMap()).containsEntry("content_flags", "cards,mail");
    assertThat(stored("1111")).isEmpty();
    assertThat(writer.complete()).isEqualTo(ended);
  }

  @Test
  void anAnswerThatIsForbiddenFailsWithoutContent() {
    var before = refusals();
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "it is sword");
    writer.text(11, "fish");
    assertBlocked(writer::complete).containsEntry("rule", "secret");
    var failed = messageOf(writer.messageId());
    assertThat(failed.getState()).isEqualTo(Message.State.STATE_FAILED);
    assertThat(failed.getStateReason()).isEqualTo("CONTENT_BLOCKED");
    assertThat(failed.getPartsList()).isEmpty();
    assertThat(stored("sword")).isEmpty();
    assertThat(refusals()).hasSize(before.size() + 1);
    assertProblem(Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", writer::complete);
    var stopped = Writer.begin(alice, conversation);
    stopped.text(0, "swordfish");
    assertBlocked(stopped::stop);
    assertThat(stored("sword")).isEmpty();
  }

  @Test
  void whatALostWriterLeftIsJudgedTooAndThenNobodyGoesOnWithIt() {
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "pay with " + CARD);
    service.loseWriter(writer.messageId());
    var left = messageOf(writer.messageId());
    assertThat(left.getContent()).isEqualTo("pay with [REDACTED:cards]");
    assertThat(left.getStateReason()).isEqualTo("CONTENT_REDACTED");
    assertThat(stored("1111")).isEmpty();
    assertProblem(
        Code.FAILED_PRECONDITION,
        "MESSAGE_NOT_STREAMING",
        () -> Writer.takeOver(alice, writer.messageId()));
  }

  private static Problems assertBlocked(ThrowingCallable call) {
    return assertProblem(Code.PERMISSION_DENIED, "CONTENT_BLOCKED", call);
  }

  private static MessageDraft.Builder draft(String text) {
    return MessageDraft.newBuilder().setRole(Message.Role.user).setContent(text);
  }

  private List<Message> list() {
    return alice
        .messages()
        .listMessages(
            ListMessagesRequest.newBuilder().setConversationId(conversation.getId()).build())
        .getMessagesList();
  }

  private List<String> refusals() {
    return service.column("select id from audit_entry where reason = 'CONTENT_BLOCKED'");
  }

  /// Where it is, of everything that is kept.
  private List<String> stored(String text) {
    return service.column(
        """
        select 'message' from message m where m::text ilike '%%%1$s%%'
        union all select 'event' from conversation_event e where e::text ilike '%%%1$s%%'
        union all select 'search' from message_search s where s::text ilike '%%%1$s%%'
        union all select 'conversation' from conversation c where c::text ilike '%%%1$s%%'
        union all select 'reply' from idempotency_key k where convert_from(k.reply, 'LATIN1') ilike '%%%1$s%%'"""
            .formatted(text));
  }
}
