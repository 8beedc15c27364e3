package dev.agentserver.agentrun.session.artifact;

import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.session.SessionProto;
import dev.agentserver.agentrun.session.artifact.StateFiles.Synced;
import dev.agentserver.agentrun.v1.SyncArtifactsResponse;
import java.util.HexFormat;

/// Artifacts between the contract and the domain.
final class ArtifactProto {
  private ArtifactProto() {}

  static dev.agentserver.agentrun.v1.Artifact toProto(Artifact artifact) {
    return dev.agentserver.agentrun.v1.Artifact.newBuilder()
        .setKey(artifact.key())
        .setRevision(artifact.revision())
        .setContent(artifact.content())
        .setFileId(orEmpty(artifact.fileId()))
        .setSha256(HexFormat.of().formatHex(artifact.sha256()))
        .setSizeBytes(artifact.sizeBytes())
        .setMediaType(artifact.mediaType())
        .setEtag(artifact.etag())
        .setCreatedAt(timestamp(artifact.createdAt()))
        .setUpdatedAt(timestamp(artifact.updatedAt()))
        .build();
  }

  private static Artifact fromProto(dev.agentserver.agentrun.v1.Artifact proto) {
    return new Artifact(
        proto.getKey(),
        proto.getRevision(),
        proto.getContent(),
        uuidOrNull(proto.getFileId()),
        HexFormat.of().parseHex(proto.getSha256()),
        proto.getSizeBytes(),
        proto.getMediaType(),
        instant("created_at", proto.getCreatedAt()),
        instant("updated_at", proto.getUpdatedAt()));
  }

  static SyncArtifactsResponse toProto(Synced synced) {
    return SyncArtifactsResponse.newBuilder()
        .setSession(SessionProto.toProto(synced.session()))
        .addAllArtifacts(synced.artifacts().stream().map(ArtifactProto::toProto).toList())
        .setRevisions(synced.revisions())
        .build();
  }

  /// The inverse, for replaying a stored reply.
  static Synced fromProto(SyncArtifactsResponse proto) {
    return new Synced(
        SessionProto.fromProto(proto.getSession()),
        proto.getArtifactsList().stream().map(ArtifactProto::fromProto).toList(),
        proto.getRevisions());
  }
}
