package dev.agentserver.conversation.export;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationExportServiceGrpc;
import dev.agentserver.conversation.v1.ConversationFormat;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.ExportRecord;
import dev.agentserver.conversation.v1.FilePart;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.kit.identity.Revocation.Kind;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is exported is what is there, of one moment, as long as it may be read.
class ExportTest extends ServiceTest {
  /// More than what lies between a reader who waits and the server.
  private static final int LONG = 12;

  private Message full(Conversation conversation) {
    var arguments =
        Struct.newBuilder()
            .putFields("q", Value.newBuilder().setStringValue("<rice> & \u2028").build())
            .build();
    return alice
        .messages()
        .createMessage(
            CreateMessageRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setRole(Message.Role.assistant)
                .addParts(Part.newBuilder().setText("测试 \"quoted\" 😀\n```java\nint i;\n```"))
                .addParts(
                    Part.newBuilder()
                        .setReasoning(
                            ReasoningPart.newBuilder().setText("why").setSignature("sig==")))
                .addParts(
                    Part.newBuilder()
                        .setToolCall(
                            ToolCallPart.newBuilder()
                                .setId("c1")
                                .setName("search")
                                .setInput(arguments)))
                .addParts(
                    Part.newBuilder()
                        .setToolResult(
                            ToolResultPart.newBuilder()
                                .setToolCallId("c1")
                                .setOutput(Value.newBuilder().setNumberValue(1.5))
                                .setIsError(true)))
                .addParts(
                    Part.newBuilder()
                        .setFile(
                            FilePart.newBuilder()
                                .setFileId(
                                    service.files().uploaded("b.png", "image/png", 1).getFileId())))
                .addParts(Part.newBuilder().setData(arguments))
                .addAttachments(
                    service.files().uploaded("a.pdf", "application/pdf", 5_000_000_000L))
                .setModel("m-1")
                .setFinishReason("stop")
                .setInputTokens(0)
                .setOutputTokens(7)
                .setRoutingDecision(arguments)
                .setClientMessageId("client-1")
                .setExternalId(UUID.randomUUID().toString())
                .putMetadata("k", "v")
                .build());
  }

  @Test
  void jsonAndLinesAreWhatIsRead() {
    var conversation = conversation(alice);
    var said = List.of(say(alice, conversation, "rice?"), full(conversation));
    var read =
        alice
            .conversations()
            .getConversation(
                GetConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .build());

    var json = new Download(alice).json(conversation);
    assertThat(json.getRecords(0).getConversation()).isEqualTo(read);
    assertThat(Download.messages(json)).isEqualTo(said);
    assertThat(json.getRecordsList())
        .extracting(ExportRecord::getParentMessageId)
        .containsExactly("", "", said.getFirst().getId());
    assertThat(new Download(alice).lines(conversation)).isEqualTo(json);
  }

  @Test
  void aConversationWithoutMessagesIsAFileToo() {
    var conversation = conversation(alice);
    var json = new Download(alice).json(conversation);
    assertThat(json.getRecords(0).getConversation().getTitle()).isEqualTo("trip");
    assertThat(Download.messages(json)).isEmpty();
    assertThat(new Download(alice).lines(conversation)).isEqualTo(json);
  }

  @Test
  void manyMessagesComeInOrder() {
    var conversation = conversation(alice);
    var texts = IntStream.range(0, 1_100).mapToObj(i -> "m" + i).toList();
    for (var from = 0; from < texts.size(); from += 100) {
      var batch = BatchCreateMessagesRequest.newBuilder().setConversationId(conversation.getId());
      texts
          .subList(from, from + 100)
          .forEach(
              text ->
                  batch.addMessages(
                      MessageDraft.newBuilder().setRole(Message.Role.user).setContent(text)));
      alice.messages().batchCreateMessages(batch.build());
    }
    assertThat(Download.messages(new Download(alice).json(conversation)))
        .extracting(Message::getContent)
        .isEqualTo(texts);
  }

  @Test
  void aFileIsOfTheActivePathOrOfAllAndWhatWasDeletedIsAPlace() {
    var conversation = conversation(alice);
    var first = say(alice, conversation, "first");
    var second = say(alice, conversation, "a secret");
    var other =
        alice
            .messages()
            .createMessage(draft(conversation, "other").setParentMessageId(first.getId()).build());
    alice
        .messages()
        .deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(second.getId()).build());
    var path =
        Download.whole(
            Download.rest(new Download(alice).pieces(Download.of(conversation).build())));
    assertThat(Download.messages(path)).containsExactly(first, other);
    var all = Download.messages(new Download(alice).json(conversation));
    assertThat(all)
        .extracting(Message::getId)
        .containsExactly(first.getId(), second.getId(), other.getId());
    assertThat(all.get(1).getContent()).isEmpty();
    assertThat(all.get(1).getState()).isEqualTo(Message.State.STATE_REDACTED);
  }

  private Conversation longOne() {
    var conversation = conversation(alice);
    IntStream.range(0, LONG).forEach(i -> say(alice, conversation, i + "x".repeat(1_900_000)));
    return conversation;
  }

  @Test
  void whatIsSaidWhileItIsReadIsNotInIt() {
    var conversation = longOne();
    var pieces = new Download(alice).pieces(Download.of(conversation).build());
    var begin = pieces.next().getData().toStringUtf8();
    say(alice, conversation, "too late");
    var file = Download.whole(begin + Download.rest(pieces));
    assertThat(Download.messages(file)).hasSize(LONG);
    assertThat(Download.messages(new Download(alice).json(conversation))).hasSize(LONG + 1);
  }

  @Test
  void whoIsTakenOutWhileItIsReadGetsNoMoreOfIt() {
    var conversation = longOne();
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var pieces = new Download(bob).pieces(Download.of(conversation).build());
    pieces.next();
    service.sql(
        "delete from conversation_member where user_id = '%s'"
            .formatted(bob.caller().principalId()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> Download.rest(pieces));
  }

  @Test
  void whoseTokenIsRevokedWhileItIsReadGetsNoMoreOfIt() {
    var conversation = longOne();
    var carol = service.person(TENANT, "MEMBER");
    service.join(conversation.getId(), TENANT, carol, "VIEWER");
    var pieces = new Download(carol).pieces(Download.of(conversation).build());
    pieces.next();
    var subject = carol.caller().principalId().toString();
    service.revocations().add(new Revocation(1, Kind.PRINCIPAL, subject, Instant.now()));
    assertProblem(Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> Download.rest(pieces));
  }

  @Test
  void whatIsStillWrittenIsInItAsFarAsItWas() {
    var conversation = conversation(alice);
    var begun =
        alice
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder().setConversationId(conversation.getId()).build());
    alice
        .streams()
        .appendMessage(
            AppendMessageRequest.newBuilder()
                .setMessageId(begun.getMessage().getId())
                .setWriterEpoch(begun.getWriterEpoch())
                .addDeltas(Delta.newBuilder().setText("half a"))
                .build());
    var message = Download.messages(new Download(alice).json(conversation)).getFirst();
    assertThat(message.getContent()).isEqualTo("half a");
    assertThat(message.getState()).isEqualTo(Message.State.STATE_STREAMING);
    assertThat(
            new Download(alice).text(conversation, ConversationFormat.CONVERSATION_FORMAT_MARKDOWN))
        .endsWith("half a\n\n*still being written*\n");
  }

  @Test
  void aBrowserIsToldThatItIsAFile() {
    var conversation = conversation(alice);
    var headers = new AtomicReference<Metadata>();
    var channel =
        ClientInterceptors.intercept(
            alice.channel(),
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));
    var first =
        ConversationExportServiceGrpc.newBlockingStub(channel)
            .exportConversation(
                Download.of(conversation)
                    .setFormat(ConversationFormat.CONVERSATION_FORMAT_MARKDOWN)
                    .build())
            .next();
    assertThat(first.getContentType()).isEqualTo("text/markdown; charset=utf-8");
    var key = Metadata.Key.of("content-disposition", Metadata.ASCII_STRING_MARSHALLER);
    assertThat(headers.get().get(key))
        .isEqualTo("attachment; filename=\"conversation-" + conversation.getId() + ".md\"");
  }
}
