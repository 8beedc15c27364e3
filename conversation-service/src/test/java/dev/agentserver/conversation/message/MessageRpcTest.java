package dev.agentserver.conversation.message;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Attachment;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.FilePart;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageRpcTest extends ServiceTest {
  @Test
  void everyFieldOfAMessageComesBackAsItWasSent() {
    var conversation = conversation(alice);
    var inside = service.files().uploaded("a.png", "image/png", 1);
    var request =
        draft(conversation, "")
            .setRole(Message.Role.assistant)
            .addParts(Part.newBuilder().setText("Hello 测试 😀"))
            .addParts(
                Part.newBuilder()
                    .setReasoning(ReasoningPart.newBuilder().setText("hm").setSignature("s")))
            .addParts(
                Part.newBuilder()
                    .setToolCall(
                        ToolCallPart.newBuilder()
                            .setId("c")
                            .setName("search")
                            .setInput(struct("q", "x"))))
            .addParts(
                Part.newBuilder()
                    .setToolResult(
                        ToolResultPart.newBuilder()
                            .setToolCallId("c")
                            .setOutput(Value.newBuilder().setNumberValue(1.5))
                            .setIsError(true)))
            .addParts(
                Part.newBuilder()
                    .setFile(
                        FilePart.newBuilder()
                            .setFileId(inside.getFileId())
                            .setName("a.png")
                            .setMediaType("image/png")))
            .addParts(Part.newBuilder().setData(struct("card", "x")))
            .addAttachments(service.files().uploaded("b.pdf", "application/pdf", 1L << 40))
            .setRunId(service.runs().in(conversation.getId()).toString())
            .setAgentId(UUID.randomUUID().toString())
            .setModel("m")
            .setFinishReason("stop")
            .setInputTokens(10)
            .setOutputTokens(0)
            .setClientMessageId("client-1")
            .setRoutingDecision(struct("why", "fast"))
            .setExternalId("ext-" + UUID.randomUUID())
            .putMetadata("k", "v")
            .setMessageId(UUID.randomUUID().toString())
            .build();
    var created = alice.messages().createMessage(request);
    assertThat(created.getId()).isEqualTo(request.getMessageId());
    assertThat(created.getPartsList()).isEqualTo(request.getPartsList());
    assertThat(created.getAttachmentsList()).isEqualTo(request.getAttachmentsList());
    assertThat(created.getContent()).isEqualTo("Hello 测试 😀");
    assertThat(created.getRoutingDecision()).isEqualTo(request.getRoutingDecision());
    assertThat(created.getOutputTokens()).isZero();
    assertThat(created.hasOutputTokens()).isTrue();
    assertThat(created.getAuthorId()).isEqualTo(alice.caller().principalId().toString());
    assertThat(created.getState()).isEqualTo(Message.State.STATE_COMPLETE);
    assertThat(get(created.getId())).isEqualTo(created);
  }

  @Test
  void contentIsShortForOneTextPart() {
    var message = say(alice, conversation(alice), "hi");
    assertThat(message.getPartsList()).containsExactly(Part.newBuilder().setText("hi").build());
    assertThat(message.getRole()).isEqualTo(Message.Role.user);
  }

  @Test
  void contentAndPartsTogetherAreRefused() {
    var request =
        draft(conversation(alice), "hi").addParts(Part.newBuilder().setText("ho")).build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.messages().createMessage(request))
        .field("content");
  }

  @Test
  void aMessageWithoutContentIsAMessage() {
    assertThat(say(alice, conversation(alice), "").getPartsList()).isEmpty();
  }

  @Test
  void nulIsReplacedInTextAndInStructuredValues() {
    var request =
        draft(conversation(alice), "")
            .addParts(Part.newBuilder().setText("a\0b"))
            .addParts(Part.newBuilder().setData(struct("k", "c\0d")))
            .putMetadata("m\0", "v\0")
            .build();
    var created = alice.messages().createMessage(request);
    assertThat(created.getContent()).isEqualTo("a\uFFFDb");
    assertThat(created.getParts(1).getData()).isEqualTo(struct("k", "c\uFFFDd"));
    assertThat(created.getMetadataMap()).containsEntry("m\uFFFD", "v\uFFFD");
    assertThat(get(created.getId())).isEqualTo(created);
  }

  @Test
  void brokenPartsAreNamedByTheirPath() {
    var conversation = conversation(alice);
    var empty =
        draft(conversation, "")
            .addParts(Part.newBuilder().setText("ok"))
            .addParts(Part.newBuilder())
            .build();
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> alice.messages().createMessage(empty))
        .field("parts[1].kind");
    var nan =
        draft(conversation, "")
            .addParts(
                Part.newBuilder()
                    .setToolResult(
                        ToolResultPart.newBuilder()
                            .setToolCallId("c")
                            .setOutput(Value.newBuilder().setNumberValue(Double.NaN))))
            .build();
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> alice.messages().createMessage(nan))
        .field("parts[0].tool_result.output");
    var unspecified = draft(conversation, "x").setRole(Message.Role.ROLE_UNSPECIFIED).build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.messages().createMessage(unspecified))
        .field("role");
  }

  @Test
  void fiveMebibytesAndTenThousandPartsAreRefused() {
    var conversation = conversation(alice);
    var large = draft(conversation, "x".repeat(5 * 1024 * 1024)).build();
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> alice.messages().createMessage(large))
        .field("parts");
    var many = draft(conversation, "");
    IntStream.range(0, 10_000).forEach(_ -> many.addParts(Part.newBuilder().setText("x")));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.messages().createMessage(many.build()))
        .field("parts");
  }

  @Test
  void aBatchIsWrittenWholeOrNotAtAll() {
    var conversation = conversation(alice);
    var id = say(alice, conversation, "first").getId();
    var batch =
        BatchCreateMessagesRequest.newBuilder()
            .setConversationId(conversation.getId())
            .addMessages(MessageDraft.newBuilder().setRole(Message.Role.user).setContent("a"))
            .addMessages(MessageDraft.newBuilder().setRole(Message.Role.assistant).setContent("b"));
    var taken =
        batch
            .clone()
            .addMessages(MessageDraft.newBuilder().setRole(Message.Role.user).setId(id))
            .build();
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> alice.messages().batchCreateMessages(taken));
    var written = alice.messages().batchCreateMessages(batch.build()).getMessagesList();
    assertThat(written).extracting(Message::getDepth).containsExactly(1, 2);
    assertThat(written).extracting(Message::getSeq).containsExactly(2L, 3L);
    assertThat(count(conversation.getId())).isEqualTo(3);
  }

  @Test
  void idsThatAreTakenAreRefused() {
    var conversation = conversation(alice);
    var external = "ext-" + UUID.randomUUID();
    alice
        .messages()
        .createMessage(
            draft(conversation, "x").setClientMessageId("c1").setExternalId(external).build());
    for (var request :
        List.of(
            draft(conversation, "y").setClientMessageId("c1").build(),
            draft(conversation, "y").setExternalId(external).build())) {
      assertProblem(
          Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> alice.messages().createMessage(request));
    }
  }

  @Test
  void anExpectedLeafThatMovedIsRefusedAndTheNewestIsTold() {
    var conversation = conversation(alice);
    var first = say(alice, conversation, "1");
    var second =
        alice
            .messages()
            .createMessage(draft(conversation, "2").setExpectedLeafId(first.getId()).build());
    var late = draft(conversation, "3").setExpectedLeafId(first.getId()).build();
    assertProblem(Code.ABORTED, "LEAF_MOVED", () -> alice.messages().createMessage(late))
        .containsEntry("leaf_id", second.getId());
    assertThat(count(conversation.getId())).isEqualTo(2);
  }

  @Test
  void onlyAnImporterMaySayWhenAMessageWasSaid() {
    var admin = service.person(TENANT, "ADMIN");
    var conversation = conversation(admin);
    var past = Timestamp.newBuilder().setSeconds(1_000_000_000).setNanos(1_999).build();
    var imported =
        admin.messages().createMessage(draft(conversation, "x").setCreatedAt(past).build());
    assertThat(imported.getCreatedAt())
        .isEqualTo(Timestamp.newBuilder().setSeconds(1_000_000_000).setNanos(1_000).build());
    assertThat(
            admin
                .messages()
                .getMessage(GetMessageRequest.newBuilder().setMessageId(imported.getId()).build()))
        .isEqualTo(imported);
    var own = conversation(alice);
    assertProblem(
            Code.PERMISSION_DENIED,
            "PERMISSION_DENIED",
            () -> alice.messages().createMessage(draft(own, "x").setCreatedAt(past).build()))
        .containsEntry("permission", "conversation:import");
  }

  @Test
  void concurrentAppendsAreNumberedWithoutGaps() throws Exception {
    var conversation = conversation(alice);
    var depths = new ArrayList<Integer>();
    var seqs = new ArrayList<Long>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 64)
              .mapToObj(i -> threads.submit(() -> say(alice, conversation, "m" + i)))
              .toList();
      for (var call : calls) {
        depths.add(call.get().getDepth());
        seqs.add(call.get().getSeq());
      }
    }
    assertThat(depths).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 64).boxed().toList());
    assertThat(seqs)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 64).mapToObj(Long::valueOf).toList());
    assertThat(count(conversation.getId())).isEqualTo(64);
  }

  @Test
  void sixtyFourRetriesWithOneRequestIdMakeOneMessageAndOneReply() throws Exception {
    var conversation = conversation(alice);
    var request =
        draft(conversation, "once")
            .addAttachments(attachment())
            .setRoutingDecision(struct("a", "b"))
            .setRequestId("r-1")
            .build();
    var replies = new ArrayList<Message>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 64)
              .mapToObj(_ -> threads.submit(() -> alice.messages().createMessage(request)))
              .toList();
      for (var call : calls) {
        replies.add(call.get());
      }
    }
    assertThat(replies).containsOnly(replies.getFirst());
    assertThat(count(conversation.getId())).isEqualTo(1);
  }

  @Test
  void aRequestIdWithAnotherRequestIsRefused() {
    var conversation = conversation(alice);
    alice.messages().createMessage(draft(conversation, "a").setRequestId("r").build());
    assertProblem(
        Code.INVALID_ARGUMENT,
        "REQUEST_ID_REUSED",
        () -> alice.messages().createMessage(draft(conversation, "b").setRequestId("r").build()));
    assertThat(count(conversation.getId())).isEqualTo(1);
  }

  private Message get(String id) {
    return alice.messages().getMessage(GetMessageRequest.newBuilder().setMessageId(id).build());
  }

  private int count(String conversationId) {
    return alice
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder().setConversationId(conversationId).build())
        .getMessageCount();
  }

  private Attachment attachment() {
    return service.files().uploaded("a.txt", "text/plain", 1);
  }

  private static Struct struct(String key, String value) {
    return Struct.newBuilder()
        .putFields(key, Value.newBuilder().setStringValue(value).build())
        .build();
  }
}
