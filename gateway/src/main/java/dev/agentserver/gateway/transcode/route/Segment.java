package dev.agentserver.gateway.transcode.route;

/// One segment of a path template.
sealed interface Segment {
  /// Matches this text only.
  record Literal(String text) implements Segment {}

  /// `*`: matches any one segment.
  record Any() implements Segment {}

  /// `**`: matches all segments up to the literals that follow it.
  record Rest() implements Segment {}
}
