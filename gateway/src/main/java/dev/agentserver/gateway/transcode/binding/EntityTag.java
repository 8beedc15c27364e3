package dev.agentserver.gateway.transcode.binding;

import dev.agentserver.gateway.fault.Fault;

/// Entity tags of RFC 9110 in headers: `"abc"`, `W/"abc"`.
public final class EntityTag {
  private EntityTag() {}

  /// The tag of an If-Match header that has one; without quotes it is taken as it is.
  static String single(String header) {
    var text = header.strip();
    if (text.startsWith("W/")) {
      text = text.substring(2);
    }
    if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1);
    }
    if (text.isEmpty() || text.contains("\"") || text.contains(",")) {
      throw Fault.invalid("If-Match", "is not one entity tag");
    }
    return text;
  }

  /// The tag as a header has it.
  public static String quoted(String etag) {
    return '"' + etag + '"';
  }
}
