package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.cleanOrNull;
import static dev.agentserver.conversation.message.ProtoText.instant;
import static dev.agentserver.conversation.message.ProtoText.orEmpty;
import static dev.agentserver.conversation.message.ProtoText.timestamp;
import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.conversation.Conversation.Activity;
import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.conversation.Conversation.Membership;
import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.ProtoText;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Conversations between the contract and the domain.
public final class ConversationProto {
  private static final String ROLE_PREFIX = "ROLE_";

  private ConversationProto() {}

  static NewConversation draft(CreateConversationRequest request) {
    var attributes =
        new Attributes(
            clean(request.getTitle()),
            clean(request.getModel()),
            uuidOrNull(request.getAgentId()),
            cleanOrNull(request.getExternalId()),
            ProtoText.clean(request.getMetadataMap()));
    return new NewConversation(
        uuidOrNull(request.getConversationId()),
        attributes,
        request.getTemporary(),
        MessageProto.drafts(request.getMessagesList()),
        new NewConversation.Origin(
            uuidOrNull(request.getOwnerId()),
            request.hasCreatedAt() ? instant("created_at", request.getCreatedAt()) : null));
  }

  static ConversationFilter filter(ListConversationsRequest request) {
    return new ConversationFilter(
        request.hasStartTime() ? instant("start_time", request.getStartTime()) : null,
        request.hasEndTime() ? instant("end_time", request.getEndTime()) : null,
        uuidOrNull(request.getAgentId()),
        request.hasArchived() && request.getArchived(),
        request.hasPinned() ? request.getPinned() : null,
        request.hasShared() ? request.getShared() : null,
        cleanOrNull(request.getTitleContains()),
        cleanOrNull(request.getExternalId()),
        ProtoText.clean(request.getMetadataMap()),
        request.getShowDeleted(),
        uuidOrNull(request.getTagId()));
  }

  public static dev.agentserver.conversation.v1.Conversation.Builder toProto(
      Conversation conversation) {
    var attributes = conversation.attributes();
    var proto =
        dev.agentserver.conversation.v1.Conversation.newBuilder()
            .setId(conversation.id().toString())
            .setTitle(attributes.title())
            .setOwnerId(conversation.ownerId().toString())
            .setModel(attributes.model())
            .setAgentId(orEmpty(attributes.agentId()))
            .setTemporary(conversation.temporary())
            .setMessageCount(conversation.activity().messageCount())
            .setPreview(conversation.activity().preview())
            .setExternalId(orEmpty(attributes.externalId()))
            .putAllMetadata(attributes.metadata())
            .setEtag(conversation.etag())
            .setLastSeq(conversation.activity().lastSeq())
            .setCreatedAt(timestamp(conversation.createdAt()))
            .setUpdatedAt(timestamp(conversation.updatedAt()))
            .setLastActivityAt(timestamp(conversation.activity().lastAt()));
    if (conversation.membership() != null) {
      proto.setMembership(toProto(conversation.membership()));
    }
    if (conversation.tenantRole() != null) {
      proto.setTenantRole(role(conversation.tenantRole()));
    }
    if (conversation.deletedAt() != null) {
      proto.setDeletedAt(timestamp(conversation.deletedAt()));
    }
    if (conversation.purgeAt() != null) {
      proto.setPurgeAt(timestamp(conversation.purgeAt()));
    }
    return proto;
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  public static Conversation fromProto(dev.agentserver.conversation.v1.Conversation proto) {
    var etag = proto.getEtag().split("\\.", 2);
    return new Conversation(
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getOwnerId()),
        new Attributes(
            proto.getTitle(),
            proto.getModel(),
            uuidOrNull(proto.getAgentId()),
            cleanOrNull(proto.getExternalId()),
            proto.getMetadataMap()),
        proto.getTemporary(),
        new Activity(
            proto.getMessageCount(),
            proto.getPreview(),
            instant("last_activity_at", proto.getLastActivityAt()),
            Long.parseLong(etag[1])),
        proto.hasMembership() ? fromProto(proto.getMembership()) : null,
        proto.getTenantRole() == dev.agentserver.conversation.v1.Membership.Role.ROLE_UNSPECIFIED
            ? null
            : role(proto.getTenantRole()),
        Long.parseLong(etag[0]),
        instant("created_at", proto.getCreatedAt()),
        instant("updated_at", proto.getUpdatedAt()),
        proto.hasDeletedAt() ? instant("deleted_at", proto.getDeletedAt()) : null,
        proto.hasPurgeAt() ? instant("purge_at", proto.getPurgeAt()) : null);
  }

  public static dev.agentserver.conversation.v1.Membership.Role role(MemberRole role) {
    return dev.agentserver.conversation.v1.Membership.Role.valueOf(ROLE_PREFIX + role.name());
  }

  public static MemberRole role(dev.agentserver.conversation.v1.Membership.Role role) {
    return MemberRole.valueOf(role.name().substring(ROLE_PREFIX.length()));
  }

  private static dev.agentserver.conversation.v1.Membership.Builder toProto(Membership membership) {
    return dev.agentserver.conversation.v1.Membership.newBuilder()
        .setRole(role(membership.role()))
        .setArchived(membership.archived())
        .setPinned(membership.pinned())
        .setLastReadSeq(membership.lastReadSeq())
        .setUnread(membership.unread())
        .setUnreadMessageCount(membership.unreadMessages())
        .setActiveBranchNo(membership.activeBranchNo());
  }

  private static @Nullable Membership fromProto(dev.agentserver.conversation.v1.Membership proto) {
    return new Membership(
        role(proto.getRole()),
        proto.getArchived(),
        proto.getPinned(),
        proto.getLastReadSeq(),
        proto.getUnread(),
        proto.getUnreadMessageCount(),
        proto.getActiveBranchNo());
  }
}
