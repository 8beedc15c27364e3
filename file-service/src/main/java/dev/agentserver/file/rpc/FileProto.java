package dev.agentserver.file.rpc;

import com.google.protobuf.Timestamp;
import dev.agentserver.file.file.FileName;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.link.Link;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileLink;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Files between the contract and the domain.
final class FileProto {
  private static final String STATE = "STATE_";

  private FileProto() {}

  static NewFile draft(UploadHeader header) {
    var purpose = purpose(header.getPurpose());
    return new NewFile(
        uuidOrNull(header.getFileId()),
        FileName.clean(header.getFilename()),
        header.getContentType().replace('\0', '\uFFFD'),
        purpose == null ? Purpose.ATTACHMENT : purpose,
        header.getSha256(),
        header.hasSize() ? OptionalLong.of(header.getSize()) : OptionalLong.empty(),
        false);
  }

  /// Null where none is said.
  static @Nullable Purpose purpose(File.Purpose purpose) {
    return purpose == File.Purpose.PURPOSE_UNSPECIFIED
        ? null
        : Purpose.valueOf(purpose.name().toUpperCase(Locale.ROOT));
  }

  static File toProto(StoredFile file) {
    var proto =
        File.newBuilder()
            .setId(file.id().toString())
            .setOwnerId(file.ownerId().toString())
            .setFilename(file.filename())
            .setContentType(file.contentType())
            .setMediaType(file.mediaType())
            .setPurpose(File.Purpose.valueOf(file.purpose().name().toLowerCase(Locale.ROOT)))
            .setState(File.State.valueOf(STATE + file.state().name()))
            .setUrl(file.url())
            .setEtag(file.etag())
            .setCreatedAt(timestamp(file.createdAt()))
            .setUpdatedAt(timestamp(file.updatedAt()));
    var bytes = file.bytes();
    if (bytes != null) {
      proto.setSize(bytes.size()).setSha256(bytes.sha256()).setMinioPath(bytes.path());
    }
    return proto.build();
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  static StoredFile fromProto(UUID tenantId, File proto) {
    var path = proto.getMinioPath().split("/", 2);
    return new StoredFile(
        tenantId,
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getOwnerId()),
        proto.getFilename(),
        proto.getContentType(),
        proto.getMediaType(),
        Purpose.valueOf(proto.getPurpose().name().toUpperCase(Locale.ROOT)),
        FileState.valueOf(proto.getState().name().substring(STATE.length())),
        path.length < 2
            ? null
            : new StoredFile.Bytes(path[0], path[1], proto.getSize(), proto.getSha256()),
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }

  static Link.Use use(String fileId, String conversationId, String messageId, String agentId) {
    if (conversationId.isEmpty() == agentId.isEmpty()) {
      throw Problem.invalid("conversation_id", "must be there, or agent_id in its place");
    }
    if (conversationId.isEmpty() && !messageId.isEmpty()) {
      throw Problem.invalid("message_id", "must be empty: agents have none");
    }
    var file = UUID.fromString(fileId);
    return agentId.isEmpty()
        ? Link.Use.inConversation(file, UUID.fromString(conversationId), uuidOrNull(messageId))
        : Link.Use.byAgent(file, UUID.fromString(agentId));
  }

  static FileLink toProto(Link link) {
    var use = link.use();
    return FileLink.newBuilder()
        .setFileId(use.fileId().toString())
        .setConversationId(orEmpty(use.conversationId()))
        .setMessageId(orEmpty(use.messageId()))
        .setSessionId(orEmpty(use.sessionId()))
        .setAgentId(orEmpty(use.agentId()))
        .setCreatedAt(timestamp(link.createdAt()))
        .build();
  }

  private static String orEmpty(@Nullable UUID id) {
    return id == null ? "" : id.toString();
  }

  private static @Nullable UUID uuidOrNull(String text) {
    return text.isEmpty() ? null : UUID.fromString(text);
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
