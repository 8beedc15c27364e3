package dev.agentserver.agentrun.session.checkpoint;

import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

/// Checkpoints between the contract and the domain.
public final class CheckpointProto {
  private CheckpointProto() {}

  public static dev.agentserver.agentrun.v1.Checkpoint toProto(Checkpoint checkpoint) {
    var proto =
        dev.agentserver.agentrun.v1.Checkpoint.newBuilder()
            .setNumber(checkpoint.number())
            .setTitle(checkpoint.title())
            .setDescription(checkpoint.description())
            .setCreatedAt(timestamp(checkpoint.createdAt()));
    if (checkpoint.completedAt() != null) {
      proto.setCompletedAt(timestamp(checkpoint.completedAt()));
    }
    return proto.build();
  }

  /// The inverse.
  public static Checkpoint fromProto(dev.agentserver.agentrun.v1.Checkpoint proto) {
    return new Checkpoint(
        proto.getNumber(),
        proto.getTitle(),
        proto.getDescription(),
        instant("created_at", proto.getCreatedAt()),
        proto.hasCompletedAt() ? instant("completed_at", proto.getCompletedAt()) : null);
  }
}
