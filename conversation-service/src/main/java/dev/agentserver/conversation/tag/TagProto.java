package dev.agentserver.conversation.tag;

import static dev.agentserver.conversation.message.ProtoText.timestamp;

import dev.agentserver.conversation.message.ProtoText;
import java.util.UUID;

/// Tags between the contract and the domain.
public final class TagProto {
  /// What a stored reply does not say: a personal tag is its reader's.
  private static final UUID READER = new UUID(0, 0);

  private TagProto() {}

  public static dev.agentserver.conversation.v1.Tag toProto(Tag tag) {
    return dev.agentserver.conversation.v1.Tag.newBuilder()
        .setId(tag.id().toString())
        .setName(tag.name())
        .setOrganization(tag.organization())
        .setCreatedAt(timestamp(tag.createdAt()))
        .build();
  }

  static Tag fromProto(dev.agentserver.conversation.v1.Tag stored) {
    return new Tag(
        UUID.fromString(stored.getId()),
        stored.getOrganization() ? null : READER,
        stored.getName(),
        ProtoText.instant("created_at", stored.getCreatedAt()));
  }
}
