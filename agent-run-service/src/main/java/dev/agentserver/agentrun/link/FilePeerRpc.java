package dev.agentserver.agentrun.link;

import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.GetFileRequest;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Asks file-service, as the caller at hand.
///
/// It asks in a context that does not end with the call that needs the answer: what the channel
/// opens meanwhile, such as its health check, is for all calls.
public final class FilePeerRpc implements FilePeer {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String STATE = "STATE_";

  private final Channel channel;

  public FilePeerRpc(Channel channel) {
    this.channel = channel;
  }

  @Override
  public Optional<File> find(UUID fileId) {
    var apart = Context.current().fork();
    var before = apart.attach();
    try {
      var file =
          FileServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
              .getFile(GetFileRequest.newBuilder().setFileId(fileId.toString()).build());
      return Optional.of(
          new File(
              fileId,
              file.getMediaType(),
              file.getSize(),
              file.getSha256(),
              file.getState().name().substring(STATE.length())));
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      if (code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED) {
        return Optional.empty();
      }
      throw new Problem.Unavailable("file-service", RETRY).raise();
    } finally {
      apart.detach(before);
    }
  }
}
