package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TakeOverTest extends ServiceTest {
  @Test
  void aLostWriterLeavesItsTextAndTakesNoMore() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "half an ans");
    service.loseWriter(writer.messageId());
    var lost = writer.get();
    assertThat(lost.getState()).isEqualTo(Message.State.STATE_INCOMPLETE);
    assertThat(lost.getStateReason()).isEqualTo("WRITER_LOST");
    assertThat(lost.getContent()).isEqualTo("half an ans");
    assertThat(writer.text(5, "an ans").getPartLengthsList()).containsExactly(11);
    assertProblem(Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", () -> writer.text(11, "wer"));
    assertProblem(Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", writer::complete);
    read(conversation, 0).hasRead(lost);
  }

  @Test
  void aWriterThatIsHeardOfIsNotLost() {
    var writer = Writer.begin(alice, conversation(alice));
    expire(writer);
    assertThat(writer.append().getPartLengthsList()).isEmpty();
    assertThat(service.streams().sweepWriters()).isZero();
    assertThat(writer.get().getState()).isEqualTo(Message.State.STATE_STREAMING);
  }

  @Test
  void whoIsRefusedDoesNotKeepTheWriterAlive() {
    var first = Writer.begin(alice, conversation(alice));
    var second = Writer.takeOver(alice, first.messageId());
    expire(second);
    assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", () -> first.append());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> new Writer(bob, second.stream()).append());
    assertThat(service.streams().sweepWriters()).isEqualTo(1);
    assertThat(second.get().getStateReason()).isEqualTo("WRITER_LOST");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLostMessageIsGoneOnWithExactlyWhereItWas(boolean aMonthLater) {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    writer.append(
        delta(0, 0, "Let me think").setStart(reasoning()).setDone(true).setSignature("sig"),
        delta(1, 0, "I will 😀 "),
        delta(2, 0, "{\"q\":").setStart(toolCall()));
    var early = read(conversation, 0);
    service.loseWriter(writer.messageId());
    if (aMonthLater) {
      service.aMonthLater(conversation.getId());
    }
    var second = Writer.takeOver(alice, writer.messageId());
    assertThat(second.stream().getPartLengthsList()).containsExactly(12, 9, 5);
    assertThat(second.stream().getMessage().getState()).isEqualTo(Message.State.STATE_STREAMING);
    assertThat(second.stream().getMessage().getParts(2).getToolCall().getInputText())
        .isEqualTo("{\"q\":");
    assertThat(second.get()).isEqualTo(second.stream().getMessage());
    second.append(delta(2, 3, "\": \"x\"}").setDone(true), delta(3, 0, "found"));
    read(conversation, 0).hasRead(second.get());
    assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", writer::complete);

    var whole = second.complete();
    assertThat(whole.getParts(0).getReasoning().getSignature()).isEqualTo("sig");
    assertThat(whole.getParts(2).getToolCall().getInput().getFieldsOrThrow("q").getStringValue())
        .isEqualTo("x");
    assertThat(whole.getContent()).isEqualTo("I will 😀 \n\nfound");
    assertThat(whole.getStateReason()).isEmpty();
    read(conversation, 0).hasRead(whole);
    early.apply(Polling.all(alice, conversation.getId(), early.seq(), 2)).hasRead(whole);
  }

  @Test
  void partsThatGrowBesideEachOtherGoOnAsTheyWere() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    writer.append(delta(0, 0, "one "), delta(1, 0, "two").setDone(true));
    service.loseWriter(writer.messageId());
    service.aMonthLater(conversation.getId());
    var second = Writer.takeOver(alice, writer.messageId());
    assertThat(second.append(delta(0, 4, "more")).getPartLengthsList()).containsExactly(8, 3);
    assertProblem(Code.FAILED_PRECONDITION, "PART_DONE", () -> second.append(delta(1, 3, " more")));
    var whole = second.complete();
    assertThat(whole.getContent()).isEqualTo("one more\n\ntwo");
    service.aMonthLater(conversation.getId());
    read(conversation, 0).hasRead(whole);
  }

  @Test
  void aMessageMayBeLostAndGoneOnWithAgainAndAgain() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    for (var i = 0; i < 4; i++) {
      writer.text(2 * i, i + ",");
      service.loseWriter(writer.messageId());
      if (i % 2 == 1) {
        service.aMonthLater(conversation.getId());
      }
      writer = Writer.takeOver(alice, writer.messageId());
      assertThat(writer.stream().getPartLengthsList()).containsExactly(2 * i + 2);
    }
    var whole = writer.complete();
    assertThat(whole.getContent()).isEqualTo("0,1,2,3,");
    service.aMonthLater(conversation.getId());
    read(conversation, 0).hasRead(whole);
  }

  @Test
  void whatHasEndedOtherwiseIsNotTakenOver() {
    var complete = Writer.begin(alice, conversation(alice));
    complete.complete();
    var stopped = Writer.begin(alice, conversation(alice));
    stopped.stop();
    var failed = Writer.begin(alice, conversation(alice));
    alice
        .streams()
        .failMessage(
            FailMessageRequest.newBuilder()
                .setMessageId(failed.messageId())
                .setWriterEpoch(failed.stream().getWriterEpoch())
                .setReason("broken")
                .build());
    var said = say(alice, conversation(alice), "never streamed");
    for (var id :
        new String[] {
          complete.messageId(), stopped.messageId(), failed.messageId(), said.getId()
        }) {
      assertProblem(
          Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", () -> Writer.takeOver(alice, id));
    }
  }

  @Test
  void aRepeatedRequestBeginsOnce() {
    var conversation = conversation(alice);
    var request =
        BeginMessageRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setRequestId("begin-1")
            .build();
    var first = alice.streams().beginMessage(request);
    assertThat(alice.streams().beginMessage(request)).isEqualTo(first);
    assertThat(read(conversation, 0).messageIds()).containsExactly(first.getMessage().getId());
  }

  @Test
  void aRepeatedRequestTakesOverOnce() {
    var writer = Writer.begin(alice, conversation(alice));
    var request =
        TakeOverMessageRequest.newBuilder()
            .setMessageId(writer.messageId())
            .setRequestId("takeover-1");
    var first = alice.streams().takeOverMessage(request.build());
    var second = new Writer(alice, first);
    second.text(0, "mine");
    assertThat(alice.streams().takeOverMessage(request.build())).isEqualTo(first);
    assertThat(second.text(4, " still").getPartLengthsList()).containsExactly(10);
    var other = Writer.begin(alice, conversation(alice));
    assertProblem(
        Code.INVALID_ARGUMENT,
        "REQUEST_ID_REUSED",
        () -> alice.streams().takeOverMessage(request.setMessageId(other.messageId()).build()));
  }

  private void expire(Writer writer) {
    service.sql(
        "update message_stream set writer_expires_at = now() - interval '1 second' where message_id = '%s'"
            .formatted(writer.messageId()));
  }

  private NaiveReader read(Conversation conversation, long after) {
    return new NaiveReader(after).apply(Polling.all(alice, conversation.getId(), after, 3));
  }

  private static Delta.Builder delta(int part, int offset, String text) {
    return Delta.newBuilder().setPart(part).setOffset(offset).setText(text);
  }

  private static Part reasoning() {
    return Part.newBuilder().setReasoning(ReasoningPart.getDefaultInstance()).build();
  }

  private static Part toolCall() {
    return Part.newBuilder()
        .setToolCall(ToolCallPart.newBuilder().setId("c").setName("search"))
        .build();
  }
}
