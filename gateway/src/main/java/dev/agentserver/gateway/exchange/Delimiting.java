package dev.agentserver.gateway.exchange;

import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;

/// What stands around the messages of a stream.
enum Delimiting {
  /// One array. It is closed whatever the end is.
  ARRAY("[", ",", "", "]"),
  LINES("", "", "\n", ""),
  EVENTS("data: ", "data: ", "\n\n", "");

  private final String first;
  private final String next;
  private final String after;
  private final String end;

  Delimiting(String first, String next, String after, String end) {
    this.first = first;
    this.next = next;
    this.after = after;
    this.end = end;
  }

  static Delimiting of(TranscoderOptions options) {
    if (options.is(Option.STREAM_SSE_STYLE_DELIMITED)) {
      return EVENTS;
    }
    return options.is(Option.STREAM_NEWLINE_DELIMITED) ? LINES : ARRAY;
  }

  String contentType() {
    return this == EVENTS ? "text/event-stream" : "application/json";
  }

  String before(boolean isFirst) {
    return isFirst ? first : next;
  }

  String after() {
    return after;
  }

  /// @param isEmpty whether there was no message
  String end(boolean isEmpty) {
    return isEmpty && !end.isEmpty() ? first + end : end;
  }
}
