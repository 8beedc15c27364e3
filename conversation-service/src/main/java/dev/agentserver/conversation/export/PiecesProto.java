package dev.agentserver.conversation.export;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.agentserver.kit.grpc.Sender;

/// Sends bytes in pieces of about one size, whatever the texts are that they come from.
final class PiecesProto {
  private static final int PIECE = 256 * 1024;

  private final String contentType;
  private final Sender<HttpBody> sender;
  private ByteString waiting = ByteString.EMPTY;

  PiecesProto(String contentType, Sender<HttpBody> sender) {
    this.contentType = contentType;
    this.sender = sender;
  }

  void add(String text) {
    waiting = waiting.concat(ByteString.copyFromUtf8(text));
    while (waiting.size() >= PIECE) {
      send(waiting.substring(0, PIECE));
      waiting = waiting.substring(PIECE);
    }
  }

  /// Sends what waits for more.
  void flush() {
    if (!waiting.isEmpty()) {
      send(waiting);
    }
  }

  private void send(ByteString bytes) {
    sender.send(HttpBody.newBuilder().setContentType(contentType).setData(bytes).build());
  }
}
