package dev.agentserver.gateway.transcode.route;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Reads the grammar of google.api.http:
///
/// ```
/// Template = "/" [ Segments ] [ ":" Literal ]
/// Segments = Segment { "/" Segment }
/// Segment  = "*" | "**" | Literal | "{" FieldPath [ "=" Segments ] "}"
/// ```
///
/// Only literals may follow `**`, and variables do not nest.
final class TemplateParser {
  private static final Pattern FIELD_PATH =
      Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*(\\.[a-zA-Z_][a-zA-Z0-9_]*)*");
  private static final Pattern LITERAL =
      Pattern.compile("([a-zA-Z0-9_.~!$&'()+,;@-]|%[0-9a-fA-F]{2})+");

  private final String text;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Template.Variable> variables = new ArrayList<>();
  private int at;

  TemplateParser(String text) {
    this.text = text;
  }

  Template parse() {
    take('/');
    if (at < text.length()) {
      segments(false);
    }
    var verb = at < text.length() ? verb() : null;
    if (at < text.length()) {
      throw wrong("unexpected \"" + text.charAt(at) + "\"");
    }
    return new Template(text, segments, verb, variables);
  }

  private void segments(boolean insideVariable) {
    segment(insideVariable);
    while (at < text.length() && text.charAt(at) == '/') {
      at++;
      segment(insideVariable);
    }
  }

  private void segment(boolean insideVariable) {
    if (text.startsWith("**", at)) {
      at += 2;
      add(new Segment.Rest());
    } else if (text.startsWith("*", at)) {
      at++;
      add(new Segment.Any());
    } else if (text.startsWith("{", at)) {
      if (insideVariable) {
        throw wrong("variables do not nest");
      }
      variable();
    } else {
      add(new Segment.Literal(literal()));
    }
  }

  private void variable() {
    take('{');
    var name = FIELD_PATH.matcher(text).region(at, text.length());
    if (!name.lookingAt()) {
      throw wrong("a field path is expected");
    }
    at = name.end();
    var start = segments.size();
    if (text.startsWith("=", at)) {
      at++;
      segments(true);
    } else {
      add(new Segment.Any());
    }
    take('}');
    for (var other : variables) {
      if (other.field().equals(name.group())) {
        throw wrong("the variable " + name.group() + " appears twice");
      }
    }
    variables.add(new Template.Variable(name.group(), start, segments.size()));
  }

  private void add(Segment segment) {
    if (segments.contains(new Segment.Rest()) && !(segment instanceof Segment.Literal)) {
      throw wrong("only literals may follow **");
    }
    segments.add(segment);
  }

  private String verb() {
    take(':');
    return literal();
  }

  private String literal() {
    var literal = LITERAL.matcher(text).region(at, text.length());
    if (!literal.lookingAt()) {
      throw wrong("a segment is expected");
    }
    at = literal.end();
    return literal.group();
  }

  private void take(char expected) {
    if (at >= text.length() || text.charAt(at) != expected) {
      throw wrong("\"" + expected + "\" is expected");
    }
    at++;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "the path template \"" + text + "\" is wrong at position " + at + ": " + what);
  }
}
