package dev.agentserver.conversation.link;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.agentserver.file.v1.BatchGetFilesRequest;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks file-service, as the caller at hand.
///
/// It asks in a context that does not end with the call that needs the answer: what the channel
/// opens meanwhile, such as its health check, is for all calls.
public final class FilePeerRpc implements FilePeer {
  private static final Logger LOG = LoggerFactory.getLogger(FilePeerRpc.class);
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// The most that file-service is asked for at once.
  private static final int BATCH = 100;

  private static final String STATE = "STATE_";

  private final Channel channel;

  public FilePeerRpc(Channel channel) {
    this.channel = channel;
  }

  @Override
  public Found find(List<UUID> ids) {
    var deadline = deadline();
    var files = new ArrayList<File>(ids.size());
    for (var from = 0; from < ids.size(); from += BATCH) {
      var found = find(ids.subList(from, Math.min(ids.size(), from + BATCH)), deadline);
      if (found.missing() != null) {
        return found;
      }
      files.addAll(found.files());
    }
    return new Found(files, null);
  }

  private Found find(List<UUID> ids, Deadline deadline) {
    var request =
        BatchGetFilesRequest.newBuilder()
            .addAllFileIds(ids.stream().map(UUID::toString).toList())
            .build();
    var apart = Context.current().fork();
    var before = apart.attach();
    try {
      var reply =
          FileServiceGrpc.newBlockingStub(channel).withDeadline(deadline).batchGetFiles(request);
      return new Found(reply.getFilesList().stream().map(FilePeerRpc::file).toList(), null);
    } catch (StatusRuntimeException refused) {
      return new Found(List.of(), missing(ids, refused));
    } finally {
      apart.detach(before);
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

  private static UUID missing(List<UUID> ids, StatusRuntimeException refused) {
    var code = refused.getStatus().getCode();
    if (code == Code.NOT_FOUND) {
      return named(refused).orElse(ids.getFirst());
    }
    if (code == Code.PERMISSION_DENIED) {
      // Whoever may read no files at all may read none of these.
      return ids.getFirst();
    }
    LOG.warn("file-service does not say whether files are there: {}", refused.getStatus());
    throw new Problem.Unavailable("file-service", RETRY).raise();
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

  private static Deadline deadline() {
    var own = Deadline.after(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    var callers = Context.current().getDeadline();
    return callers == null ? own : own.minimum(callers);
  }
}
