package dev.agentserver.gateway.transcode.stream;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Bodies of any kind, one after the other, as one. What they are, the first says; that one is
/// missing can only be told by breaking off.
public record JoinedBodies() implements StreamFormat {
  @Override
  public String mediaType() {
    return "*/*";
  }

  /// No browser is to guess that it is a page.
  @Override
  public Map<String, String> headers(@Nullable StreamEvent first) {
    return first == null
        ? Map.of()
        : Map.of("content-type", first.mediaType(), "x-content-type-options", "nosniff");
  }

  @Override
  public byte[] opening() {
    return Pieces.NOTHING;
  }

  @Override
  public byte[] message(StreamEvent event, boolean first) {
    return event.content();
  }

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
    return Optional.empty();
  }
}
