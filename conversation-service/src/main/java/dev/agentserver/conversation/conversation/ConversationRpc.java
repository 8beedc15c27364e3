package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.message.ProtoText.clean;

import com.google.protobuf.Empty;
import dev.agentserver.conversation.conversation.ConversationListStore.Position;
import dev.agentserver.conversation.conversation.Conversations.Created;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.MessageRpc;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.message.Messages.Cursor;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.ConversationView;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.ListConversationsResponse;
import dev.agentserver.conversation.v1.MarkReadRequest;
import dev.agentserver.conversation.v1.UndeleteConversationRequest;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// ConversationService: translation between the contract and [Conversations], [Trash] and
/// [Messages].
public final class ConversationRpc implements BindableService {
  private final Conversations conversations;
  private final Trash trash;
  private final Messages messages;
  private final PageSizes pages;

  public ConversationRpc(
      Conversations conversations, Trash trash, Messages messages, PageSizes pages) {
    this.conversations = conversations;
    this.trash = trash;
    this.messages = messages;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ConversationServiceGrpc.getServiceDescriptor())
        .unary(ConversationServiceGrpc.getCreateConversationMethod(), this::create)
        .unary(ConversationServiceGrpc.getGetConversationMethod(), this::get)
        .unary(ConversationServiceGrpc.getListConversationsMethod(), this::list)
        .unary(ConversationServiceGrpc.getUpdateConversationMethod(), this::update)
        .unary(ConversationServiceGrpc.getDeleteConversationMethod(), this::delete)
        .unary(ConversationServiceGrpc.getUndeleteConversationMethod(), this::undelete)
        .unary(ConversationServiceGrpc.getMarkReadMethod(), this::markRead)
        .build();
  }

  private Conversation create(CreateConversationRequest request) {
    var attempt =
        Attempts.<CreateConversationRequest, Conversation, Created>of(
            ConversationServiceGrpc.getCreateConversationMethod(),
            request,
            ConversationRpc::created,
            stored ->
                new Created(
                    ConversationProto.fromProto(stored),
                    stored.getMessagesList().stream().map(MessageProto::fromProto).toList()));
    return created(
        conversations.create(Callers.current(), attempt, ConversationProto.draft(request)));
  }

  private Conversation get(GetConversationRequest request) {
    var caller = Callers.current();
    var found = conversations.named(caller, clean(request.getConversationId()));
    var id = found.id();
    var conversation = ConversationProto.toProto(found);
    if (request.getView() == ConversationView.CONVERSATION_VIEW_FULL) {
      var page = messages.list(caller, id, Cursor.NEWEST, pages.usual().get());
      conversation
          .addAllMessages(page.messages().reversed().stream().map(MessageProto::toProto).toList())
          .setMessagesNextPageToken(MessageRpc.token(caller, id, page.next()))
          .setLastSeq(page.head());
    }
    return conversation.build();
  }

  private ListConversationsResponse list(ListConversationsRequest request) {
    var caller = Callers.current();
    var filter = ConversationProto.filter(request);
    var scope = scope(caller, filter);
    var after = scope.position(request.getPageToken()).map(ConversationRpc::position).orElse(null);
    var size = pages.of(request.getPageSize());
    var page = conversations.list(caller, filter, after, size);
    return ListConversationsResponse.newBuilder()
        .addAllConversations(
            page.conversations().stream()
                .map(conversation -> ConversationProto.toProto(conversation).build())
                .toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .build();
  }

  private Conversation update(UpdateConversationRequest request) {
    var attempt =
        Attempts
            .<UpdateConversationRequest, Conversation,
                dev.agentserver.conversation.conversation.Conversation>
                of(
                    ConversationServiceGrpc.getUpdateConversationMethod(),
                    request,
                    conversation -> ConversationProto.toProto(conversation).build(),
                    ConversationProto::fromProto);
    var id = UUID.fromString(request.getConversation().getId());
    var etag = request.getConversation().getEtag();
    return ConversationProto.toProto(
            conversations.update(Callers.current(), attempt, id, etag, EditProto.edits(request)))
        .build();
  }

  private Empty delete(DeleteConversationRequest request) {
    var attempt =
        Attempts.<DeleteConversationRequest, Empty, Boolean>of(
            ConversationServiceGrpc.getDeleteConversationMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getConversationId());
    trash.delete(Callers.current(), attempt, id, request.getEtag(), request.getPurge());
    return Empty.getDefaultInstance();
  }

  private Conversation undelete(UndeleteConversationRequest request) {
    var attempt =
        Attempts
            .<UndeleteConversationRequest, Conversation,
                dev.agentserver.conversation.conversation.Conversation>
                of(
                    ConversationServiceGrpc.getUndeleteConversationMethod(),
                    request,
                    conversation -> ConversationProto.toProto(conversation).build(),
                    ConversationProto::fromProto);
    var id = UUID.fromString(request.getConversationId());
    return ConversationProto.toProto(trash.undelete(Callers.current(), attempt, id)).build();
  }

  private Conversation markRead(MarkReadRequest request) {
    var id = UUID.fromString(request.getConversationId());
    return ConversationProto.toProto(
            conversations.markRead(Callers.current(), id, request.getThroughSeq()))
        .build();
  }

  private static Conversation created(Created created) {
    List<Message> first = created.messages();
    return ConversationProto.toProto(created.conversation())
        .addAllMessages(first.stream().map(MessageProto::toProto).toList())
        .build();
  }

  private static PageScope scope(Caller caller, ConversationFilter filter) {
    return new PageScope(
        caller,
        ConversationServiceGrpc.getListConversationsMethod().getFullMethodName(),
        filter.toString());
  }

  private static List<String> position(Position position) {
    return List.of(position.lastActivityAt().toString(), position.conversationId().toString());
  }

  private static @Nullable Position position(List<String> position) {
    try {
      return new Position(Instant.parse(position.getFirst()), UUID.fromString(position.get(1)));
    } catch (DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Problem.Refused(
              "INVALID_PAGE_TOKEN", "the page token is damaged", Map.of("field", "page_token"))
          .raise();
    }
  }
}
