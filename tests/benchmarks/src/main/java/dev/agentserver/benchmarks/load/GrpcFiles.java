package dev.agentserver.benchmarks.load;

import com.google.protobuf.UnsafeByteOperations;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.ClientCalls;
import java.net.URI;

/// Streams of pieces, to file-service itself.
public final class GrpcFiles implements FileWay {
  private static final int PIECE = 1 << 20;

  private final ManagedChannel connection;
  private final io.grpc.Channel channel;

  public GrpcFiles(URI service, String token) {
    connection = Account.channel(service);
    channel = ClientInterceptors.intercept(connection, Account.bearer(token));
  }

  @Override
  public String put(byte[] bytes) {
    var call =
        ClientCalls.blockingClientStreamingCall(
            channel, FileServiceGrpc.getUploadFileMethod(), CallOptions.DEFAULT);
    try {
      var header = UploadHeader.newBuilder().setFilename("f").setSize(bytes.length);
      call.write(UploadFileRequest.newBuilder().setHeader(header).build());
      for (var at = 0; at < bytes.length; at += PIECE) {
        var piece = UnsafeByteOperations.unsafeWrap(bytes, at, Math.min(PIECE, bytes.length - at));
        call.write(UploadFileRequest.newBuilder().setData(piece).build());
      }
      call.halfClose();
      return call.read().getId();
    } catch (StatusException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public long get(String id) {
    var length = 0L;
    var pieces =
        FileServiceGrpc.newBlockingStub(channel)
            .downloadFile(DownloadFileRequest.newBuilder().setFileId(id).build());
    while (pieces.hasNext()) {
      length += pieces.next().getData().size();
    }
    return length;
  }

  @Override
  public void delete(String id) {
    FileServiceGrpc.newBlockingStub(channel)
        .deleteFile(DeleteFileRequest.newBuilder().setFileId(id).build());
  }

  @Override
  public void close() {
    connection.shutdownNow();
  }
}
