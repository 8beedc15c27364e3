package dev.agentserver.conversation.link;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.agentserver.file.v1.BatchGetFilesRequest;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.kit.grpc.CallerPeer;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Asks file-service, as the caller at hand.
public final class FilePeerRpc implements FilePeer {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// The most that file-service is asked for at once.
  private static final int BATCH = 100;

  private static final String STATE = "STATE_";

  private final CallerPeer peer;

  public FilePeerRpc(Channel channel) {
    this.peer = new CallerPeer(channel, "file-service", PATIENCE);
  }

  @Override
  public Found find(List<UUID> ids) {
    var files = new ArrayList<File>(ids.size());
    for (var from = 0; from < ids.size(); from += BATCH) {
      var found = some(ids.subList(from, Math.min(ids.size(), from + BATCH)));
      if (found.missing() != null) {
        return found;
      }
      files.addAll(found.files());
    }
    return new Found(files, null);
  }

  private Found some(List<UUID> ids) {
    var request =
        BatchGetFilesRequest.newBuilder()
            .addAllFileIds(ids.stream().map(UUID::toString).toList())
            .build();
    try {
      var reply = peer.ask(FileServiceGrpc::newBlockingStub, files -> files.batchGetFiles(request));
      return new Found(reply.getFilesList().stream().map(FilePeerRpc::file).toList(), null);
    } catch (StatusRuntimeException refused) {
      return new Found(List.of(), missing(ids, refused));
    }
  }

  private static File file(dev.agentserver.file.v1.File file) {
    return new File(
        UUID.fromString(file.getId()),
        file.getFilename(),
        file.getMediaType(),
        file.getSize(),
        file.getState().name().substring(STATE.length()));
  }

  private UUID missing(List<UUID> ids, StatusRuntimeException refused) {
    var code = refused.getStatus().getCode();
    if (code == Code.NOT_FOUND) {
      return named(refused).orElse(ids.getFirst());
    }
    if (code == Code.PERMISSION_DENIED) {
      // Whoever may read no files at all may read none of these.
      return ids.getFirst();
    }
    throw peer.unavailable(refused);
  }

  private static Optional<UUID> named(StatusRuntimeException refused) {
    for (var detail : StatusProto.fromThrowable(refused).getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          var id = detail.unpack(ErrorInfo.class).getMetadataOrDefault("id", "");
          return Optional.of(UUID.fromString(id));
        } catch (InvalidProtocolBufferException | IllegalArgumentException notSaid) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
