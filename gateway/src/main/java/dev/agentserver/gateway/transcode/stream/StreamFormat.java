package dev.agentserver.gateway.transcode.stream;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a stream is written, piece by piece.
public sealed interface StreamFormat
    permits EventStream, JsonLines, JsonArray, JoinedBodies, SocketMessages {
  /// The content type of the response, by which it is asked for.
  String mediaType();

  /// The headers that say what the response is.
  ///
  /// @param first the first message; null where the stream is opened before it, or has none
  default Map<String, String> headers(@Nullable StreamEvent first) {
    return Map.of("content-type", mediaType());
  }

  /// What comes before the first message.
  byte[] opening();

  /// A message.
  ///
  /// @param first whether it is the first of the stream
  byte[] message(StreamEvent event, boolean first);

  /// What shows a client, and what lies between, that a silent stream lives; empty where the format
  /// has nothing for it.
  byte[] heartbeat();

  /// What comes after the last message of a stream that ended well.
  ///
  /// @param last null where there was none
  byte[] end(@Nullable StreamEvent last);

  /// What tells a failure after the stream was opened; empty where the format has no place for it,
  /// and the connection has to be broken off.
  ///
  /// @param status google.rpc.Status as JSON
  Optional<byte[]> failure(byte[] status);

  /// Whether a client should see the stream open before anything has happened. Where failures
  /// cannot be told later, the stream waits for its first message instead.
  default boolean opensInSilence() {
    return failure(new byte[0]).isPresent();
  }
}
