package dev.agentserver.agentrun.link;

import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.GetFileRequest;
import dev.agentserver.kit.grpc.CallerPeer;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Asks file-service, as the caller at hand.
public final class FilePeerRpc implements FilePeer {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String STATE = "STATE_";

  private final CallerPeer peer;

  public FilePeerRpc(Channel channel) {
    this.peer = new CallerPeer(channel, "file-service", PATIENCE);
  }

  @Override
  public Optional<File> find(UUID fileId) {
    var request = GetFileRequest.newBuilder().setFileId(fileId.toString()).build();
    return peer.find(FileServiceGrpc::newBlockingStub, files -> files.getFile(request))
        .map(
            file ->
                new File(
                    fileId,
                    file.getMediaType(),
                    file.getSize(),
                    file.getSha256(),
                    file.getState().name().substring(STATE.length())));
  }
}
