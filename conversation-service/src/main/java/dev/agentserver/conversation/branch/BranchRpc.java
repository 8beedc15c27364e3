package dev.agentserver.conversation.branch;

import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import dev.agentserver.conversation.conversation.ConversationProto;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.tree.BranchProto;
import dev.agentserver.conversation.v1.Branch;
import dev.agentserver.conversation.v1.BranchServiceGrpc;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.EditMessageRequest;
import dev.agentserver.conversation.v1.ForkConversationRequest;
import dev.agentserver.conversation.v1.ListBranchesRequest;
import dev.agentserver.conversation.v1.ListBranchesResponse;
import dev.agentserver.conversation.v1.ListSiblingsRequest;
import dev.agentserver.conversation.v1.ListSiblingsResponse;
import dev.agentserver.conversation.v1.SwitchBranchRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// BranchService: translation between the contract and [Messages], [Branches] and [Forks].
public final class BranchRpc implements BindableService {
  private static final int BEFORE_FIRST = -1;

  private final Messages messages;
  private final Branches branches;
  private final Forks forks;
  private final PageSizes pages;

  public BranchRpc(Messages messages, Branches branches, Forks forks, PageSizes pages) {
    this.messages = messages;
    this.branches = branches;
    this.forks = forks;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(BranchServiceGrpc.getServiceDescriptor())
        .unary(BranchServiceGrpc.getEditMessageMethod(), this::edit)
        .unary(BranchServiceGrpc.getListSiblingsMethod(), this::siblings)
        .unary(BranchServiceGrpc.getListBranchesMethod(), this::list)
        .unary(BranchServiceGrpc.getSwitchBranchMethod(), this::goTo)
        .unary(BranchServiceGrpc.getForkConversationMethod(), this::fork)
        .build();
  }

  private dev.agentserver.conversation.v1.Message edit(EditMessageRequest request) {
    var attempt =
        Attempts.<EditMessageRequest, dev.agentserver.conversation.v1.Message, List<Message>>of(
            BranchServiceGrpc.getEditMessageMethod(),
            request,
            reply -> MessageProto.toProto(reply.getFirst()),
            stored -> List.of(MessageProto.fromProto(stored)));
    return MessageProto.toProto(
        messages.edit(
            Callers.current(),
            attempt,
            UUID.fromString(request.getMessageId()),
            MessageProto.draft(request)));
  }

  private ListSiblingsResponse siblings(ListSiblingsRequest request) {
    var id = UUID.fromString(request.getMessageId());
    var scope = scope(BranchServiceGrpc.getListSiblingsMethod(), id);
    var page =
        messages.siblings(
            Callers.current(),
            id,
            after(scope, request.getPageToken()),
            pages.of(request.getPageSize()));
    var next = page.next() == null ? null : page.next().branchNo();
    return ListSiblingsResponse.newBuilder()
        .addAllMessages(page.messages().stream().map(MessageProto::toProto).toList())
        .setNextPageToken(token(scope, next))
        .build();
  }

  private ListBranchesResponse list(ListBranchesRequest request) {
    var id = UUID.fromString(request.getConversationId());
    var scope = scope(BranchServiceGrpc.getListBranchesMethod(), id);
    var page =
        branches.list(
            Callers.current(),
            id,
            after(scope, request.getPageToken()),
            pages.of(request.getPageSize()));
    return ListBranchesResponse.newBuilder()
        .addAllBranches(page.branches().stream().map(BranchProto::toProto).toList())
        .setNextPageToken(token(scope, page.next()))
        .build();
  }

  private Branch goTo(SwitchBranchRequest request) {
    var id = UUID.fromString(request.getConversationId());
    return BranchProto.toProto(branches.goTo(Callers.current(), id, request.getBranchNo()));
  }

  private Conversation fork(ForkConversationRequest request) {
    var attempt =
        Attempts
            .<ForkConversationRequest, Conversation,
                dev.agentserver.conversation.conversation.Conversation>
                of(
                    BranchServiceGrpc.getForkConversationMethod(),
                    request,
                    conversation -> ConversationProto.toProto(conversation).build(),
                    ConversationProto::fromProto);
    return ConversationProto.toProto(
            forks.fork(
                Callers.current(),
                attempt,
                UUID.fromString(request.getConversationId()),
                uuidOrNull(request.getMessageId())))
        .build();
  }

  private static PageScope scope(MethodDescriptor<?, ?> method, UUID id) {
    return new PageScope(Callers.current(), method.getFullMethodName(), id.toString());
  }

  /// The branch after which a page begins.
  private static int after(PageScope scope, String pageToken) {
    return scope
        .position(pageToken, position -> Integer.valueOf(position.getFirst()))
        .orElse(BEFORE_FIRST);
  }

  private static String token(PageScope scope, @Nullable Integer next) {
    return next == null ? "" : scope.token(List.of(next.toString()));
  }
}
