package dev.agentserver.conversation.context;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.BuildContextRequest;
import dev.agentserver.conversation.v1.BuildContextResponse;
import dev.agentserver.conversation.v1.ContextCheckpoint;
import dev.agentserver.conversation.v1.ContextServiceGrpc;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.PutContextCheckpointRequest;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import dev.agentserver.kit.test.Fewest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContextTest extends ServiceTest {
  private Conversation conversation;
  private List<Message> said;

  /// A system message, then nine more of ten tokens each.
  @BeforeEach
  void aConversation() {
    conversation = conversation(alice);
    said = batch(conversation, 10);
  }

  private static MessageDraft.Builder draft(Role role, String text) {
    return MessageDraft.newBuilder().setRole(role).setContent(text);
  }

  private List<Message> batch(Conversation in, int count) {
    var all = new ArrayList<Message>();
    while (all.size() < count) {
      var batch = BatchCreateMessagesRequest.newBuilder().setConversationId(in.getId());
      for (var i = all.size(); i < count && batch.getMessagesCount() < 100; i++) {
        var role = i == 0 ? Role.system : i % 2 == 0 ? Role.assistant : Role.user;
        batch.addMessages(draft(role, "m" + i).setOutputTokens(10));
      }
      all.addAll(alice.messages().batchCreateMessages(batch.build()).getMessagesList());
    }
    return all;
  }

  private List<Message> batch(MessageDraft.Builder... drafts) {
    var batch = BatchCreateMessagesRequest.newBuilder().setConversationId(conversation.getId());
    for (var draft : drafts) {
      batch.addMessages(draft);
    }
    return alice.messages().batchCreateMessages(batch.build()).getMessagesList();
  }

  private BuildContextRequest.Builder request() {
    return BuildContextRequest.newBuilder().setConversationId(conversation.getId());
  }

  private BuildContextResponse build(BuildContextRequest.Builder request) {
    return ContextServiceGrpc.newBlockingStub(alice.channel()).buildContext(request.build());
  }

  private ContextCheckpoint summarize(Message through, String summary) {
    return ContextServiceGrpc.newBlockingStub(alice.channel())
        .putContextCheckpoint(
            PutContextCheckpointRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setMessageId(through.getId())
                .setSummary(summary)
                .setTokenCount(5)
                .build());
  }

  @Test
  void whatFitsIsThereAsItWasSaid() {
    var context = build(request());
    assertThat(context.getMessagesList()).isEqualTo(said);
    assertThat(context.getTokenCount()).isEqualTo(100);
    assertThat(context.getEstimatedTokenCount()).isZero();
    assertThat(context.getOmittedCount()).isZero();
    assertThat(context.hasSummary()).isFalse();
  }

  @Test
  void aConversationWithoutMessagesHasAnEmptyContext() {
    conversation = conversation(alice);
    assertThat(build(request())).isEqualTo(BuildContextResponse.getDefaultInstance());
  }

  @Test
  void theSystemMessageStaysWhereOthersGo() {
    var context = build(request().setMaxMessages(2));
    assertThat(context.getMessagesList())
        .containsExactly(said.getFirst(), said.get(8), said.get(9));
    assertThat(context.getOmittedCount()).isEqualTo(7);
    assertThat(context.getUncoveredCount()).isEqualTo(7);
  }

  @Test
  void tokensAreNeverMoreThanThereIsRoomFor() {
    for (var tokens = 20; tokens <= 110; tokens++) {
      var context = build(request().setMaxTokens(tokens));
      assertThat(context.getTokenCount()).isEqualTo(Math.min(tokens / 10 * 10, 100));
      assertThat(context.getMessagesCount()).isEqualTo(Math.min(tokens / 10, 10));
    }
    assertProblem(
            Code.INVALID_ARGUMENT, "CONTEXT_TOO_SMALL", () -> build(request().setMaxTokens(19)))
        .containsEntry("id", said.getLast().getId());
  }

  @Test
  void whatNobodyHasCountedIsAFourthOfItsBytes() {
    say(alice, conversation, "é".repeat(41));
    var context = build(request().setMaxMessages(1));
    assertThat(context.getTokenCount()).isEqualTo(10 + 21);
    assertThat(context.getEstimatedTokenCount()).isEqualTo(21);
  }

  @Test
  void aToolsResultIsNeverWithoutItsCall() {
    var call = ToolCallPart.newBuilder().setId("c1").setName("look");
    var result = ToolResultPart.newBuilder().setToolCallId("c1");
    var more =
        batch(
            draft(Role.assistant, "").addParts(Part.newBuilder().setToolCall(call)),
            draft(Role.tool, "").addParts(Part.newBuilder().setToolResult(result)),
            draft(Role.assistant, "so"));
    assertThat(build(request().setMaxMessages(2)).getMessagesList())
        .containsExactly(said.getFirst(), more.get(2));
    assertThat(build(request().setMaxMessages(3)).getMessagesList())
        .containsExactly(said.getFirst(), more.get(0), more.get(1), more.get(2));
    assertProblem(
        Code.INVALID_ARGUMENT,
        "CONTEXT_TOO_SMALL",
        () -> build(request().setParentMessageId(more.get(1).getId()).setMaxMessages(1)));
  }

  @Test
  void thePathToAnyMessageHasAContext() {
    var context = build(request().setParentMessageId(said.get(4).getId()).setMaxMessages(2));
    assertThat(context.getMessagesList())
        .containsExactly(said.getFirst(), said.get(3), said.get(4));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> build(request().setParentMessageId(UUID.randomUUID().toString())));
    var other = say(alice, conversation(alice), "elsewhere");
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> build(request().setParentMessageId(other.getId())));
  }

  @Test
  void whatIsStillWrittenOrHoldsNothingIsPassedOver() {
    batch(draft(Role.assistant, ""));
    alice
        .streams()
        .beginMessage(
            BeginMessageRequest.newBuilder().setConversationId(conversation.getId()).build());
    assertThat(build(request()).getMessagesList()).isEqualTo(said);
  }

  @Test
  void aSummaryStandsForWhatIsLeftOut() {
    var summary = summarize(said.get(6), "they talked");
    var context = build(request().setMaxMessages(3));
    assertThat(context.getSummary()).isEqualTo(summary);
    assertThat(context.getMessagesList()).containsExactlyElementsOf(with(said, 0, 7, 8, 9));
    assertThat(context.getTokenCount()).isEqualTo(45);
    assertThat(context.getOmittedCount()).isEqualTo(6);
    assertThat(context.getUncoveredCount()).isZero();
    assertThat(build(request()).hasSummary()).isFalse();
  }

  @Test
  void aSummaryHasItsPlaceInTheBudget() {
    summarize(said.get(8), "they talked");
    var context = build(request().setMaxTokens(54));
    assertThat(context.getMessagesList()).containsExactlyElementsOf(with(said, 0, 7, 8, 9));
    assertThat(context.getTokenCount()).isEqualTo(45);
    assertThat(build(request().setMaxTokens(24)).hasSummary()).isFalse();
  }

  @Test
  void theSummaryIsTakenThatTellsOfLeastBeyondWhatIsLeftOut() {
    var first = summarize(said.get(3), "a little");
    var second = summarize(said.get(6), "more");
    summarize(said.get(9), "everything");
    assertThat(build(request().setMaxMessages(6)).getSummary()).isEqualTo(first);
    assertThat(build(request().setMaxMessages(5)).getSummary()).isEqualTo(second);
    var again = summarize(said.get(6), "more, better");
    assertThat(build(request().setMaxMessages(5)).getSummary()).isEqualTo(again);
  }

  @Test
  void aSummaryThatTellsOfAPartSaysOfWhatItDoesNot() {
    var summary = summarize(said.get(3), "a little");
    var context = build(request().setMaxMessages(2));
    assertThat(context.getSummary()).isEqualTo(summary);
    assertThat(context.getOmittedCount()).isEqualTo(7);
    assertThat(context.getUncoveredCount()).isEqualTo(4);
  }

  @Test
  void anEditBeforeASummaryMakesItNotApply() {
    var summary = summarize(said.get(6), "they talked");
    var after =
        alice
            .messages()
            .createMessage(
                draft(conversation, "after it").setParentMessageId(said.get(7).getId()).build());
    assertThat(build(request().setMaxMessages(1)).getSummary()).isEqualTo(summary);
    alice
        .messages()
        .createMessage(
            draft(conversation, "another way").setParentMessageId(said.get(5).getId()).build());
    var context = build(request().setMaxMessages(1));
    assertThat(context.getMessagesList()).extracting(Message::getContent).contains("another way");
    assertThat(context.hasSummary()).isFalse();
    assertThat(build(request().setParentMessageId(after.getId()).setMaxMessages(1)).hasSummary())
        .isTrue();
  }

  @Test
  void aSummaryGoesWithWhatItTellsOf() {
    summarize(said.get(4), "before the secret");
    summarize(said.get(6), "they talked of a secret");
    alice
        .messages()
        .deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(said.get(5).getId()).build());
    var context = build(request().setMaxMessages(2));
    assertThat(context.getSummary().getSummary()).isEqualTo("before the secret");
    assertThat(build(request()).getMessagesList())
        .hasSize(9)
        .noneMatch(message -> message.getId().equals(said.get(5).getId()));
  }

  @Test
  void aSummaryOfAnotherBranchStaysWhereItTellsOfSomethingElse() {
    var other = after(said.get(4), "another way");
    var kept = summarize(other, "of the other way");
    var third = after(said.get(6), "a third way");
    summarize(third, "of the secret, further down");
    var end = after(other, "its end");
    var endOfThird = after(third, "its end");
    assertThat(to(endOfThird).hasSummary()).isTrue();
    alice
        .messages()
        .deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(said.get(5).getId()).build());
    assertThat(to(end).getSummary()).isEqualTo(kept);
    assertThat(to(endOfThird).hasSummary()).isFalse();
  }

  private BuildContextResponse to(Message leaf) {
    return build(request().setParentMessageId(leaf.getId()).setMaxMessages(1));
  }

  private Message after(Message parent, String text) {
    return alice
        .messages()
        .createMessage(draft(conversation, text).setParentMessageId(parent.getId()).build());
  }

  @Test
  void aLongPathAsksTheDatabaseForNoMoreThanAShortOne() {
    var few = Fewest.of(() -> service.statements(() -> build(request().setMaxMessages(5))));
    conversation = conversation(alice);
    var last = batch(conversation, 2_000).getLast();
    var many = Fewest.of(() -> service.statements(() -> build(request().setMaxMessages(5))));
    assertThat(many).isEqualTo(few);
    assertThat(build(request().setMaxMessages(5)).getMessagesList()).endsWith(last).hasSize(6);
  }

  private static List<Message> with(List<Message> said, int... places) {
    return Arrays.stream(places).mapToObj(said::get).toList();
  }
}
