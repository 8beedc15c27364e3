package dev.agentserver.kit.grpc;

import io.grpc.Metadata;

/// What goes before the first message of a stream's reply. Through the gateway these are headers of
/// the response.
public final class ReplyHeaders {
  private ReplyHeaders() {}

  /// Has the call that is being handled answer with a header. After the first message it has no
  /// effect.
  public static void put(String name, String value) {
    var key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    CallScope.current().replyHeaders().put(key, value);
  }
}
