package dev.agentserver.gateway.transcode.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed path template of google.api.http.
///
/// @param text the template as it is written
/// @param verb the custom verb after the colon
public record Template(
    String text, List<Segment> segments, @Nullable String verb, List<Variable> variables) {

  /// A variable and the segments it spans.
  ///
  /// @param field the dotted path of the field it binds
  /// @param end the index after its last segment
  public record Variable(String field, int start, int end) {}

  public Template {
    segments = List.copyOf(segments);
    variables = List.copyOf(variables);
  }

  /// Parses a template; an IllegalArgumentException says what is wrong and where.
  public static Template parse(String text) {
    return new TemplateParser(text).parse();
  }

  /// The place of `**`, or -1.
  int rest() {
    return segments.indexOf(new Segment.Rest());
  }

  /// Whether the last segment is literal and there is no verb: the path of a collection or of a
  /// singleton.
  public boolean endsInName() {
    return verb == null && !segments.isEmpty() && segments.getLast() instanceof Segment.Literal;
  }

  /// Whether the path begins with a version, as `/v1/...` does.
  public boolean isVersioned() {
    return !segments.isEmpty()
        && segments.getFirst() instanceof Segment.Literal(var first)
        && first.matches("v\\d+[a-z0-9]*");
  }

  @Override
  public String toString() {
    return text;
  }
}
