package dev.agentserver.file;

import com.google.protobuf.ByteString;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.FileServiceGrpc.FileServiceBlockingStub;
import dev.agentserver.file.v1.GetFileRequest;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.identity.Caller;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Somebody who calls the service.
record Person(Caller caller, Channel channel, FileServiceBlockingStub files) {
  private static final int PIECE = 1 << 20;

  static Person on(Caller caller, Channel channel) {
    return new Person(caller, channel, FileServiceGrpc.newBlockingStub(channel));
  }

  File upload(String filename, String content) {
    return upload(
        UploadHeader.newBuilder().setFilename(filename), content.getBytes(StandardCharsets.UTF_8));
  }

  File upload(UploadHeader.Builder header, byte[] bytes) {
    var call =
        ClientCalls.blockingClientStreamingCall(
            channel, FileServiceGrpc.getUploadFileMethod(), CallOptions.DEFAULT);
    try {
      var open = call.write(UploadFileRequest.newBuilder().setHeader(header).build());
      for (var at = 0; open && at < bytes.length; at += PIECE) {
        var piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE));
        open =
            call.write(UploadFileRequest.newBuilder().setData(ByteString.copyFrom(piece)).build());
      }
      call.halfClose();
      return Objects.requireNonNull(call.read());
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  byte[] download(String fileId, long offset, long length) {
    var bytes = new ByteArrayOutputStream();
    files
        .downloadFile(
            DownloadFileRequest.newBuilder()
                .setFileId(fileId)
                .setOffset(offset)
                .setLength(length)
                .build())
        .forEachRemaining(piece -> bytes.writeBytes(piece.getData().toByteArray()));
    return bytes.toByteArray();
  }

  String text(File file) {
    return new String(download(file.getId(), 0, 0), StandardCharsets.UTF_8);
  }

  File get(String fileId) {
    return files.getFile(GetFileRequest.newBuilder().setFileId(fileId).build());
  }
}
