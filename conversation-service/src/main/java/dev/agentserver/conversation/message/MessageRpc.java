package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import com.google.protobuf.Empty;
import dev.agentserver.conversation.message.Messages.Cursor;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.BatchCreateMessagesResponse;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListMessagesResponse;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// MessageService: translation between the contract and [Messages].
public final class MessageRpc implements BindableService {
  private static final String FORWARD = "oldest";
  private static final String BACKWARD = "newest";

  private final Messages messages;
  private final Deletions deletions;
  private final PageSizes pages;

  public MessageRpc(Messages messages, Deletions deletions, PageSizes pages) {
    this.messages = messages;
    this.deletions = deletions;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(MessageServiceGrpc.getServiceDescriptor())
        .unary(MessageServiceGrpc.getCreateMessageMethod(), this::create)
        .unary(MessageServiceGrpc.getBatchCreateMessagesMethod(), this::batchCreate)
        .unary(MessageServiceGrpc.getGetMessageMethod(), this::get)
        .unary(MessageServiceGrpc.getListMessagesMethod(), this::list)
        .unary(MessageServiceGrpc.getDeleteMessageMethod(), this::delete)
        .build();
  }

  /// The token of the page that begins at the cursor, which names its branch. ConversationService
  /// hands one out too, with its newest messages.
  public static String token(Caller caller, UUID conversationId, @Nullable Cursor cursor) {
    if (cursor == null) {
      return "";
    }
    return scope(caller, conversationId)
        .token(
            List.of(
                cursor.newestFirst() ? BACKWARD : FORWARD,
                Integer.toString(cursor.from()),
                Integer.toString(cursor.branchNo())));
  }

  private dev.agentserver.conversation.v1.Message create(CreateMessageRequest request) {
    var attempt =
        Attempts.<CreateMessageRequest, dev.agentserver.conversation.v1.Message, List<Message>>of(
            MessageServiceGrpc.getCreateMessageMethod(),
            request,
            reply -> MessageProto.toProto(reply.getFirst()),
            stored -> List.of(MessageProto.fromProto(stored)));
    var created =
        messages.append(
            Callers.current(),
            attempt,
            UUID.fromString(request.getConversationId()),
            uuidOrNull(request.getExpectedLeafId()),
            List.of(MessageProto.draft(request)));
    return MessageProto.toProto(created.getFirst());
  }

  private BatchCreateMessagesResponse batchCreate(BatchCreateMessagesRequest request) {
    var attempt =
        Attempts.<BatchCreateMessagesRequest, BatchCreateMessagesResponse, List<Message>>of(
            MessageServiceGrpc.getBatchCreateMessagesMethod(),
            request,
            MessageRpc::batch,
            stored -> stored.getMessagesList().stream().map(MessageProto::fromProto).toList());
    return batch(
        messages.append(
            Callers.current(),
            attempt,
            UUID.fromString(request.getConversationId()),
            uuidOrNull(request.getExpectedLeafId()),
            MessageProto.drafts(request.getMessagesList())));
  }

  private dev.agentserver.conversation.v1.Message get(GetMessageRequest request) {
    return MessageProto.toProto(
        messages.get(Callers.current(), UUID.fromString(request.getMessageId())));
  }

  private ListMessagesResponse list(ListMessagesRequest request) {
    var caller = Callers.current();
    var conversationId = UUID.fromString(request.getConversationId());
    var size = pages.of(request.getPageSize());
    var cursor = scope(caller, conversationId).position(request.getPageToken(), MessageRpc::cursor);
    var page =
        cursor.isEmpty() && !request.getAroundMessageId().isEmpty()
            ? messages.around(
                caller,
                conversationId,
                branchNo(request),
                UUID.fromString(request.getAroundMessageId()),
                size)
            : messages.list(caller, conversationId, cursor.orElse(start(request)), size);
    return ListMessagesResponse.newBuilder()
        .addAllMessages(page.messages().stream().map(MessageProto::toProto).toList())
        .setNextPageToken(token(caller, conversationId, page.next()))
        .setPreviousPageToken(token(caller, conversationId, page.previous()))
        .setSeq(page.head())
        .build();
  }

  private Empty delete(DeleteMessageRequest request) {
    var attempt =
        Attempts.<DeleteMessageRequest, Empty, Boolean>of(
            MessageServiceGrpc.getDeleteMessageMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    deletions.delete(Callers.current(), attempt, UUID.fromString(request.getMessageId()));
    return Empty.getDefaultInstance();
  }

  private static Cursor start(ListMessagesRequest request) {
    return switch (request.getOrder()) {
      case ORDER_NEWEST_FIRST -> Cursor.newest(branchNo(request));
      case ORDER_UNSPECIFIED, ORDER_OLDEST_FIRST, UNRECOGNIZED -> Cursor.oldest(branchNo(request));
    };
  }

  private static @Nullable Integer branchNo(ListMessagesRequest request) {
    return request.hasBranchNo() ? request.getBranchNo() : null;
  }

  private static Cursor cursor(List<String> position) {
    return new Cursor(
        Integer.parseInt(position.get(2)),
        Integer.parseInt(position.get(1)),
        position.getFirst().equals(BACKWARD));
  }

  private static PageScope scope(Caller caller, UUID conversationId) {
    return new PageScope(
        caller,
        MessageServiceGrpc.getListMessagesMethod().getFullMethodName(),
        conversationId.toString());
  }

  private static BatchCreateMessagesResponse batch(List<Message> created) {
    return BatchCreateMessagesResponse.newBuilder()
        .addAllMessages(created.stream().map(MessageProto::toProto).toList())
        .build();
  }
}
