package dev.agentserver.gateway.transcode.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Server-sent events, for a browser's EventSource. A stream that ended says so by an event `end`,
/// a stream that failed by an event `error`: the end of the connection alone would tell a client to
/// come again.
public record EventStream() implements StreamFormat {
  private static final byte[] OPENING = Pieces.utf8("retry: 2000\n\n");
  private static final byte[] HEARTBEAT = Pieces.utf8(": heartbeat\n\n");
  private static final String END = "end";
  private static final byte[] END_EVENT = Pieces.utf8("event: end\ndata: {}\n\n");

  @Override
  public String mediaType() {
    return "text/event-stream";
  }

  @Override
  public byte[] opening() {
    return OPENING;
  }

  @Override
  public byte[] message(StreamEvent event, boolean first) {
    var head = new StringBuilder();
    if (!event.id().isEmpty()) {
      head.append("id: ").append(event.id()).append('\n');
    }
    if (!event.name().isEmpty()) {
      head.append("event: ").append(event.name()).append('\n');
    }
    return Pieces.join(head.append("data: ").toString(), event.content(), "\n\n");
  }

  @Override
  public byte[] heartbeat() {
    return HEARTBEAT;
  }

  /// The service's own last word may have been an `end`, which says why.
  @Override
  public byte[] end(@Nullable StreamEvent last) {
    return last != null && last.name().equals(END) ? Pieces.NOTHING : END_EVENT;
  }

  @Override
  public Optional<byte[]> failure(byte[] status) {
    return Optional.of(Pieces.join("event: error\ndata: ", status, "\n\n"));
  }
}
