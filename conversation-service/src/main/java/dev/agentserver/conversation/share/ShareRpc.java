package dev.agentserver.conversation.share;

import static dev.agentserver.conversation.message.ProtoText.timestamp;

import com.google.protobuf.Empty;
import dev.agentserver.conversation.conversation.ConversationProto;
import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.ProtoText;
import dev.agentserver.conversation.share.Shares.Made;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateShareLinkRequest;
import dev.agentserver.conversation.v1.GetSharedConversationRequest;
import dev.agentserver.conversation.v1.ListShareLinksRequest;
import dev.agentserver.conversation.v1.ListShareLinksResponse;
import dev.agentserver.conversation.v1.ListTenantConversationsRequest;
import dev.agentserver.conversation.v1.ListTenantConversationsResponse;
import dev.agentserver.conversation.v1.Membership;
import dev.agentserver.conversation.v1.RevokeShareLinkRequest;
import dev.agentserver.conversation.v1.ShareServiceGrpc;
import dev.agentserver.conversation.v1.ShareWithTenantRequest;
import dev.agentserver.conversation.v1.SharedConversation;
import dev.agentserver.conversation.v1.SharedMessage;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// ShareService: translation between the contract and [Shares].
public final class ShareRpc implements BindableService {
  private final Shares shares;
  private final Conversations conversations;
  private final PageSizes pages;
  private final PageSizes messagePages;

  public ShareRpc(
      Shares shares, Conversations conversations, PageSizes pages, PageSizes messagePages) {
    this.shares = shares;
    this.conversations = conversations;
    this.pages = pages;
    this.messagePages = messagePages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ShareServiceGrpc.getServiceDescriptor())
        .unary(ShareServiceGrpc.getShareWithTenantMethod(), this::shareWithTenant)
        .unary(ShareServiceGrpc.getListTenantConversationsMethod(), this::listTenants)
        .unary(ShareServiceGrpc.getCreateShareLinkMethod(), this::create)
        .unary(ShareServiceGrpc.getListShareLinksMethod(), this::list)
        .unary(ShareServiceGrpc.getRevokeShareLinkMethod(), this::revoke)
        .unary(ShareServiceGrpc.getGetSharedConversationMethod(), this::read)
        .build();
  }

  private Conversation shareWithTenant(ShareWithTenantRequest request) {
    var caller = Callers.current();
    var id = UUID.fromString(request.getConversationId());
    shares.shareWithTenant(
        caller,
        ShareServiceGrpc.getShareWithTenantMethod().getFullMethodName(),
        id,
        request.getRole() == Membership.Role.ROLE_UNSPECIFIED
            ? null
            : ConversationProto.role(request.getRole()));
    return ConversationProto.toProto(conversations.get(caller, id)).build();
  }

  private ListTenantConversationsResponse listTenants(ListTenantConversationsRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller, ShareServiceGrpc.getListTenantConversationsMethod().getFullMethodName(), "");
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = pages.of(request.getPageSize());
    var found = conversations.listSharedWithTenant(caller, after, size + 1);
    var page = ListTenantConversationsResponse.newBuilder();
    found.stream()
        .limit(size)
        .forEach(each -> page.addConversations(ConversationProto.toProto(each)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).id().toString())));
    }
    return page.build();
  }

  private dev.agentserver.conversation.v1.ShareLink create(CreateShareLinkRequest request) {
    var attempt =
        Attempts.<CreateShareLinkRequest, dev.agentserver.conversation.v1.ShareLink, Made>of(
            ShareServiceGrpc.getCreateShareLinkMethod(),
            request,
            ShareRpc::toProto,
            ShareRpc::fromProto);
    return toProto(
        shares.create(
            Callers.current(),
            attempt,
            UUID.fromString(request.getConversationId()),
            ProtoText.uuidOrNull(request.getMessageId()),
            request.hasExpiresAt()
                ? ProtoText.instant("expires_at", request.getExpiresAt())
                : null));
  }

  private ListShareLinksResponse list(ListShareLinksRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            ShareServiceGrpc.getListShareLinksMethod().getFullMethodName(),
            request.getConversationId());
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = pages.of(request.getPageSize());
    var found = shares.list(caller, UUID.fromString(request.getConversationId()), after, size + 1);
    var page = ListShareLinksResponse.newBuilder();
    found.stream().limit(size).forEach(each -> page.addShareLinks(toProto(new Made(each, ""))));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).id().toString())));
    }
    return page.build();
  }

  private Empty revoke(RevokeShareLinkRequest request) {
    shares.revoke(
        Callers.current(),
        ShareServiceGrpc.getRevokeShareLinkMethod().getFullMethodName(),
        UUID.fromString(request.getConversationId()),
        UUID.fromString(request.getShareLinkId()));
    return Empty.getDefaultInstance();
  }

  private SharedConversation read(GetSharedConversationRequest request) {
    var page =
        shares.read(
            request.getToken(),
            from(request.getPageToken()),
            messagePages.of(request.getPageSize()));
    var shown = SharedConversation.newBuilder().setTitle(page.title());
    for (var line : page.lines()) {
      if (line.content() != null) {
        shown.addMessages(
            SharedMessage.newBuilder()
                .setRole(
                    dev.agentserver.conversation.v1.Message.Role.valueOf(
                        line.role().name().toLowerCase(Locale.ROOT)))
                .setContent(line.content()));
      }
    }
    return shown.setNextPageToken(page.next() == null ? "" : page.next().toString()).build();
  }

  /// There is no caller whom a token could be for: it is the depth of the next message.
  private static int from(String pageToken) {
    try {
      var from = pageToken.isEmpty() ? 0 : Integer.parseInt(pageToken);
      if (from >= 0) {
        return from;
      }
    } catch (NumberFormatException damaged) {
      // Refused below.
    }
    throw new Problem.Refused(
            "INVALID_PAGE_TOKEN", "the page token is damaged", Map.of("field", "page_token"))
        .raise();
  }

  private static dev.agentserver.conversation.v1.ShareLink toProto(Made made) {
    var link = made.link();
    var proto =
        dev.agentserver.conversation.v1.ShareLink.newBuilder()
            .setId(link.id().toString())
            .setConversationId(link.conversationId().toString())
            .setMessageId(link.messageId().toString())
            .setUserId(link.userId().equals(Message.NOBODY) ? "" : link.userId().toString())
            .setToken(made.token())
            .setCreatedAt(timestamp(link.createdAt()));
    if (link.expiresAt() != null) {
      proto.setExpiresAt(timestamp(link.expiresAt()));
    }
    return proto.build();
  }

  private static Made fromProto(dev.agentserver.conversation.v1.ShareLink stored) {
    return new Made(
        new ShareLink(
            UUID.fromString(stored.getId()),
            UUID.fromString(stored.getConversationId()),
            UUID.fromString(stored.getMessageId()),
            UUID.fromString(stored.getUserId()),
            ProtoText.instant("created_at", stored.getCreatedAt()),
            stored.hasExpiresAt() ? ProtoText.instant("expires_at", stored.getExpiresAt()) : null),
        stored.getToken());
  }
}
