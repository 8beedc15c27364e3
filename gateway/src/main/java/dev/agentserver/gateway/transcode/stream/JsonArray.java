package dev.agentserver.gateway.transcode.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One array, an element as it comes. A closed array would say that all is there, so a stream that
/// failed leaves it open.
public record JsonArray() implements StreamFormat {
  private static final byte[] OPENING = Pieces.utf8("[");
  private static final byte[] END = Pieces.utf8("]");

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public byte[] opening() {
    return OPENING;
  }

  @Override
  public byte[] message(StreamEvent event, boolean first) {
    return first ? event.content() : Pieces.join(",", event.content(), "");
  }

  @Override
  public byte[] heartbeat() {
    return Pieces.NOTHING;
  }

  @Override
  public byte[] end(@Nullable StreamEvent last) {
    return END;
  }

  @Override
  public Optional<byte[]> failure(byte[] status) {
    return Optional.empty();
  }
}
