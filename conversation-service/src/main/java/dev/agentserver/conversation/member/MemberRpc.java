package dev.agentserver.conversation.member;

import static dev.agentserver.conversation.message.ProtoText.timestamp;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.conversation.conversation.ConversationProto;
import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.message.ProtoText;
import dev.agentserver.conversation.v1.AddMemberRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ListMembersRequest;
import dev.agentserver.conversation.v1.ListMembersResponse;
import dev.agentserver.conversation.v1.MemberServiceGrpc;
import dev.agentserver.conversation.v1.RemoveMemberRequest;
import dev.agentserver.conversation.v1.UpdateMemberRequest;
import dev.agentserver.conversation.v1.UpdateMembershipRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// MemberService: translation between the contract and [Members].
public final class MemberRpc implements BindableService {
  private static final String ARCHIVED = "archived";
  private static final String PINNED = "pinned";

  private final Members members;
  private final Conversations conversations;
  private final PageSizes pages;

  public MemberRpc(Members members, Conversations conversations, PageSizes pages) {
    this.members = members;
    this.conversations = conversations;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(MemberServiceGrpc.getServiceDescriptor())
        .unary(MemberServiceGrpc.getListMembersMethod(), this::list)
        .unary(MemberServiceGrpc.getAddMemberMethod(), this::add)
        .unary(MemberServiceGrpc.getUpdateMemberMethod(), this::update)
        .unary(MemberServiceGrpc.getRemoveMemberMethod(), this::remove)
        .unary(MemberServiceGrpc.getUpdateMembershipMethod(), this::arrange)
        .build();
  }

  private ListMembersResponse list(ListMembersRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            MemberServiceGrpc.getListMembersMethod().getFullMethodName(),
            request.getConversationId());
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = pages.of(request.getPageSize());
    var found = members.list(caller, UUID.fromString(request.getConversationId()), after, size + 1);
    var page = ListMembersResponse.newBuilder();
    found.stream().limit(size).forEach(each -> page.addMembers(toProto(each)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).userId().toString())));
    }
    return page.build();
  }

  private dev.agentserver.conversation.v1.Member add(AddMemberRequest request) {
    return toProto(
        members.add(
            Callers.current(),
            attempt(MemberServiceGrpc.getAddMemberMethod(), request),
            UUID.fromString(request.getConversationId()),
            UUID.fromString(request.getUserId()),
            ConversationProto.role(request.getRole())));
  }

  private dev.agentserver.conversation.v1.Member update(UpdateMemberRequest request) {
    return toProto(
        members.update(
            Callers.current(),
            attempt(MemberServiceGrpc.getUpdateMemberMethod(), request),
            UUID.fromString(request.getConversationId()),
            UUID.fromString(request.getUserId()),
            ConversationProto.role(request.getRole())));
  }

  private Empty remove(RemoveMemberRequest request) {
    var attempt =
        Attempts.<RemoveMemberRequest, Empty, Boolean>of(
            MemberServiceGrpc.getRemoveMemberMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    members.remove(
        Callers.current(),
        attempt,
        UUID.fromString(request.getConversationId()),
        UUID.fromString(request.getUserId()));
    return Empty.getDefaultInstance();
  }

  private Conversation arrange(UpdateMembershipRequest request) {
    var caller = Callers.current();
    var id = UUID.fromString(request.getConversationId());
    var paths = paths(request);
    var membership = request.getMembership();
    members.arrange(
        caller,
        id,
        paths.contains(ARCHIVED) ? membership.getArchived() : null,
        paths.contains(PINNED) ? membership.getPinned() : null);
    return ConversationProto.toProto(conversations.get(caller, id)).build();
  }

  private static Set<String> paths(UpdateMembershipRequest request) {
    var named = Set.copyOf(request.getUpdateMask().getPathsList());
    var all = Set.of(ARCHIVED, PINNED);
    if (named.equals(Set.of("*"))) {
      return all;
    }
    if (!all.containsAll(named)) {
      throw Problem.invalid("update_mask", "may name archived and pinned");
    }
    if (!named.isEmpty()) {
      return named;
    }
    var set = new HashSet<String>();
    if (request.getMembership().getArchived()) {
      set.add(ARCHIVED);
    }
    if (request.getMembership().getPinned()) {
      set.add(PINNED);
    }
    return set;
  }

  private static <Q extends Message> Attempt<Member> attempt(
      MethodDescriptor<Q, dev.agentserver.conversation.v1.Member> method, Q request) {
    return Attempts.of(method, request, MemberRpc::toProto, MemberRpc::fromProto);
  }

  private static dev.agentserver.conversation.v1.Member toProto(Member member) {
    return dev.agentserver.conversation.v1.Member.newBuilder()
        .setConversationId(member.conversationId().toString())
        .setUserId(member.userId().toString())
        .setRole(ConversationProto.role(member.role()))
        .setCreatedAt(timestamp(member.joinedAt()))
        .build();
  }

  private static Member fromProto(dev.agentserver.conversation.v1.Member stored) {
    return new Member(
        UUID.fromString(stored.getConversationId()),
        UUID.fromString(stored.getUserId()),
        ConversationProto.role(stored.getRole()),
        ProtoText.instant("created_at", stored.getCreatedAt()));
  }
}
