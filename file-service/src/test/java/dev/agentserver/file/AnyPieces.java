package dev.agentserver.file;

import com.google.protobuf.ByteString;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import io.grpc.CallOptions;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;

/// Uploads that are none.
final class AnyPieces {
  private AnyPieces() {}

  static UploadFileRequest header() {
    return UploadFileRequest.newBuilder()
        .setHeader(UploadHeader.newBuilder().setFilename("f"))
        .build();
  }

  static UploadFileRequest data(String text) {
    return UploadFileRequest.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
  }

  static void send(Person person, UploadFileRequest... pieces) {
    var call =
        ClientCalls.blockingClientStreamingCall(
            person.channel(), FileServiceGrpc.getUploadFileMethod(), CallOptions.DEFAULT);
    try {
      for (var piece : pieces) {
        call.write(piece);
      }
      call.halfClose();
      call.read();
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// Begins, sends some, and then nothing.
  static void stall(Person person) {
    var call =
        ClientCalls.blockingClientStreamingCall(
            person.channel(), FileServiceGrpc.getUploadFileMethod(), CallOptions.DEFAULT);
    try {
      call.write(header());
      call.write(data("half of"));
      call.read();
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// Begins, sends some, and goes away.
  static void breakOff(Person person) throws InterruptedException, StatusException {
    var call =
        ClientCalls.blockingClientStreamingCall(
            person.channel(), FileServiceGrpc.getUploadFileMethod(), CallOptions.DEFAULT);
    call.write(header());
    call.write(data("half of"));
    call.cancel("gone", null);
  }
}
