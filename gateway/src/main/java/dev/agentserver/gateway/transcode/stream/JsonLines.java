package dev.agentserver.gateway.transcode.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message on each line. A failure is a last line `{"error": <google.rpc.Status>}`.
///
/// @param mediaType the one of its names that the client asked by
public record JsonLines(String mediaType) implements StreamFormat {
  @Override
  public byte[] opening() {
    return Pieces.NOTHING;
  }

  @Override
  public byte[] message(StreamEvent event, boolean first) {
    return Pieces.join("", event.content(), "\n");
  }

  /// An empty line would be no JSON.
  @Override
  public byte[] heartbeat() {
    return Pieces.NOTHING;
  }

  @Override
  public byte[] end(@Nullable StreamEvent last) {
    return Pieces.NOTHING;
  }

  @Override
  public Optional<byte[]> failure(byte[] status) {
    return Optional.of(Pieces.join("{\"error\":", status, "}\n"));
  }
}
