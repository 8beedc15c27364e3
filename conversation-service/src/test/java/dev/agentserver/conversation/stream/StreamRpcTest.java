package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.StopMessageRequest;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamRpcTest extends ServiceTest {
  @Test
  void whatIsAppendedIsTheMessageWhileItIsWrittenAndAfterwards() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    assertThat(writer.stream().getMessage().getState()).isEqualTo(Message.State.STATE_STREAMING);
    assertThat(writer.text(0, "Grüße").getPartLengthsList()).containsExactly(5);
    assertThat(writer.text(5, ", 世界 😀").getPartLengthsList()).containsExactly(11);

    assertThat(get(writer).getContent()).isEqualTo("Grüße, 世界 😀");
    assertThat(get(writer).getState()).isEqualTo(Message.State.STATE_STREAMING);

    var whole = writer.complete();
    assertThat(whole.getState()).isEqualTo(Message.State.STATE_COMPLETE);
    assertThat(whole.getContent()).isEqualTo("Grüße, 世界 😀");
    assertThat(whole.getOutputTokens()).isEqualTo(5);
    assertThat(whole.getModel()).isEqualTo("m-1");
    assertThat(get(writer)).isEqualTo(whole);
    assertThat(writer.complete()).isEqualTo(whole);
  }

  @Test
  void aPieceThatIsSentAgainIsAppliedOnce() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "one ");
    writer.text(0, "one ");
    writer.text(2, "e two");
    assertThat(writer.text(0, "one two").getPartLengthsList()).containsExactly(7);
    assertThat(writer.complete().getContent()).isEqualTo("one two");
    assertThat(writer.text(4, "two").getPartLengthsList()).containsExactly(7);
    assertProblem(
        Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", () -> writer.text(7, " three"));
  }

  @Test
  void aGapIsRefusedAndTheExpectedOffsetIsTold() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "😀😀");
    assertProblem(Code.FAILED_PRECONDITION, "APPEND_GAP", () -> writer.text(3, "x"))
        .containsEntry("expected_offset", "2");
    assertThat(get(writer).getContent()).isEqualTo("😀😀");
  }

  @Test
  void partsOfEveryKindComeBackAsTheyWereWritten() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.append(
        delta(0, 0, "Let me think").setStart(reasoning()),
        delta(0, 12, "...").setDone(true).setSignature("sig"),
        delta(1, 0, "I will search."),
        delta(2, 0, "{\"q\":").setStart(toolCall("c1")),
        delta(2, 5, " \"x\"}").setDone(true),
        delta(3, 0, "").setStart(toolResult("c1")),
        delta(4, 0, "{\"cut").setStart(toolCall("c2")));
    var parts = writer.complete().getPartsList();
    assertThat(parts.get(0).getReasoning().getText()).isEqualTo("Let me think...");
    assertThat(parts.get(0).getReasoning().getSignature()).isEqualTo("sig");
    assertThat(parts.get(1).getText()).isEqualTo("I will search.");
    assertThat(parts.get(2).getToolCall().getInput().getFieldsOrThrow("q").getStringValue())
        .isEqualTo("x");
    assertThat(parts.get(3).getToolResult().getToolCallId()).isEqualTo("c1");
    assertThat(parts.get(4).getToolCall().getInputText()).isEqualTo("{\"cut");
    assertThat(parts.get(4).getToolCall().hasInput()).isFalse();
  }

  @Test
  void aPartThatIsWholeTakesNoMore() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.append(delta(0, 0, "done").setDone(true));
    assertThat(writer.append(delta(0, 0, "done").setDone(true)).getPartLengthsList())
        .containsExactly(4);
    assertProblem(Code.FAILED_PRECONDITION, "PART_DONE", () -> writer.text(4, "more"));
  }

  @Test
  void whoTakesOverFencesTheWriterBefore() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "first ");
    var second = Writer.takeOver(alice, writer.messageId());
    assertThat(second.stream().getPartLengthsList()).containsExactly(6);
    assertThat(second.stream().getMessage().getContent()).isEqualTo("first ");
    assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", () -> writer.text(6, "lost"));
    assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", writer::complete);
    second.text(6, "second");
    assertThat(second.complete().getContent()).isEqualTo("first second");
  }

  @Test
  void aStopKeepsTheTextAndTheWriterIsTold() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "half an ans");
    var stopped =
        alice
            .streams()
            .stopMessage(StopMessageRequest.newBuilder().setMessageId(writer.messageId()).build());
    assertThat(stopped.getState()).isEqualTo(Message.State.STATE_INCOMPLETE);
    assertThat(stopped.getStateReason()).isEqualTo("CANCELLED");
    assertThat(stopped.getContent()).isEqualTo("half an ans");
    var told = writer.text(11, "wer");
    assertThat(told.getStopRequested()).isTrue();
    assertThat(told.getPartLengthsList()).containsExactly(11);
    assertProblem(Code.FAILED_PRECONDITION, "MESSAGE_NOT_STREAMING", writer::complete);
    assertThat(get(writer)).isEqualTo(stopped);
  }

  @Test
  void aFailedMessageKeepsItsTextAndSaysWhy() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "as far as");
    var failed =
        alice
            .streams()
            .failMessage(
                FailMessageRequest.newBuilder()
                    .setMessageId(writer.messageId())
                    .setWriterEpoch(writer.stream().getWriterEpoch())
                    .setReason("the provider is overloaded")
                    .build());
    assertThat(failed.getState()).isEqualTo(Message.State.STATE_FAILED);
    assertThat(failed.getStateReason()).isEqualTo("the provider is overloaded");
    assertThat(failed.getContent()).isEqualTo("as far as");
  }

  @Test
  void anEndThatSpeaksOfAnotherTextIsRefused() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "abc");
    assertProblem(
            Code.FAILED_PRECONDITION,
            "CONTENT_MISMATCH",
            () -> alice.streams().completeMessage(writer.completion().addPartLengths(4).build()))
        .containsEntry("part_lengths", "3");
    assertProblem(
        Code.FAILED_PRECONDITION,
        "CONTENT_MISMATCH",
        () ->
            alice
                .streams()
                .completeMessage(writer.completion().setContentSha256("0".repeat(64)).build()));
    var sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(
            alice
                .streams()
                .completeMessage(
                    writer.completion().addPartLengths(3).setContentSha256(sha256).build())
                .getContent())
        .isEqualTo("abc");
  }

  @Test
  void everythingThatHappenedIsInTheEventsWithoutAGap() {
    var conversation = conversation(alice);
    say(alice, conversation, "question");
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "ans");
    writer.text(3, "wer");
    writer.complete();
    var events = events(conversation);
    assertThat(events)
        .extracting(ConversationEvent::getSeq)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(events)
        .extracting(ConversationEvent::getEventCase)
        .containsExactly(
            ConversationEvent.EventCase.MESSAGE_CREATED,
            ConversationEvent.EventCase.MESSAGE_CREATED,
            ConversationEvent.EventCase.PART_STARTED,
            ConversationEvent.EventCase.PART_DELTA,
            ConversationEvent.EventCase.PART_DELTA,
            ConversationEvent.EventCase.MESSAGE_COMPLETED);
    var created = events.get(1).getMessageCreated().getMessage();
    assertThat(created.getState()).isEqualTo(Message.State.STATE_STREAMING);
    assertThat(created.getPartsList()).isEmpty();
    assertThat(created.getFinishReason()).isEmpty();
    assertThat(events.get(5).getMessageCompleted().getPartLengthsList()).containsExactly(6);
    assertThat(events.get(5).getMessageCompleted().getModel()).isEqualTo("m-1");
  }

  @Test
  void aPageOfMessagesIsTheStateAtTheEventItNames() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "so far");
    var page =
        alice
            .messages()
            .listMessages(
                ListMessagesRequest.newBuilder().setConversationId(conversation.getId()).build());
    assertThat(page.getMessages(0).getContent()).isEqualTo("so far");
    assertThat(page.getSeq()).isEqualTo(3);
  }

  private static List<ConversationEvent> listed(
      dev.agentserver.conversation.Person person, Conversation conversation) {
    return person
        .events()
        .listConversationEvents(
            ListConversationEventsRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setPageSize(1000)
                .build())
        .getEventsList();
  }

  private List<ConversationEvent> events(Conversation conversation) {
    return listed(alice, conversation);
  }

  private Message get(Writer writer) {
    return alice
        .messages()
        .getMessage(GetMessageRequest.newBuilder().setMessageId(writer.messageId()).build());
  }

  private static Delta.Builder delta(int part, int offset, String text) {
    return Delta.newBuilder().setPart(part).setOffset(offset).setText(text);
  }

  private static Part reasoning() {
    return Part.newBuilder().setReasoning(ReasoningPart.getDefaultInstance()).build();
  }

  private static Part toolCall(String id) {
    return Part.newBuilder()
        .setToolCall(ToolCallPart.newBuilder().setId(id).setName("search"))
        .build();
  }

  private static Part toolResult(String id) {
    return Part.newBuilder().setToolResult(ToolResultPart.newBuilder().setToolCallId(id)).build();
  }
}
