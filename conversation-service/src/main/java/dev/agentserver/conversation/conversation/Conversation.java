package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.access.MemberRole;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One chat, as one caller sees it.
///
/// @param tenantRole what everybody in the tenant may do in it; null: only members see it
public record Conversation(
    UUID id,
    UUID ownerId,
    Attributes attributes,
    boolean temporary,
    Activity activity,
    @Nullable Membership membership,
    @Nullable MemberRole tenantRole,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant purgeAt) {

  /// What its members may change.
  public record Attributes(
      String title,
      String model,
      @Nullable UUID agentId,
      @Nullable String externalId,
      Map<String, String> metadata) {}

  /// What the messages in it amount to; `lastSeq` is the number of the newest event.
  public record Activity(int messageCount, String preview, Instant lastAt, long lastSeq) {}

  /// What the caller is in it; absent for a caller who sees it without being a member.
  ///
  /// @param lastReadSeq the event up to which the caller has read
  /// @param unread whether there are messages after it that are not the caller's own words
  /// @param unreadMessages how many of them there are to read, as far as they were counted
  /// @param activeBranchNo the branch the caller is on
  public record Membership(
      MemberRole role,
      boolean archived,
      boolean pinned,
      long lastReadSeq,
      boolean unread,
      int unreadMessages,
      int activeBranchNo) {}

  public boolean deleted() {
    return deletedAt != null;
  }

  /// Names this state: the version of the attributes, then the newest event. So a cache notices a
  /// new message, and [#matches] lets a change of the title pass beside it.
  public String etag() {
    return version + "." + activity.lastSeq();
  }

  /// Whether somebody who saw the state with this etag has seen the current attributes.
  public boolean matches(String etag) {
    return etag.split("\\.", 2)[0].equals(Long.toString(version));
  }
}
