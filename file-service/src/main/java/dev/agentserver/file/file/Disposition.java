package dev.agentserver.file.file;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// How a browser is to take a file: what it may show by itself is on a list, everything else is
/// saved. That, and not what bytes look like, keeps scripts out of our pages.
///
/// @param contentType what the answer calls itself
/// @param header the field Content-Disposition
public record Disposition(String contentType, String header) {
  private static final Map<String, String> SHOWN =
      Map.of(
          "image/png", "image/png",
          "image/jpeg", "image/jpeg",
          "image/gif", "image/gif",
          "image/webp", "image/webp",
          "application/pdf", "application/pdf",
          "text/plain", "text/plain; charset=utf-8");

  private static final String UNRESERVED = "!#$&+-.^_`|~";

  public static Disposition of(StoredFile file) {
    var shown = SHOWN.get(file.mediaType());
    return new Disposition(
        shown == null ? "application/octet-stream" : shown,
        (shown == null ? "attachment" : "inline") + names(file.filename()));
  }

  /// The name twice, as RFC 6266 says: once for clients that know ASCII only.
  private static String names(String filename) {
    var plain = new StringBuilder();
    filename
        .codePoints()
        .forEach(c -> plain.appendCodePoint(c < ' ' || c > '~' || isSpecial(c) ? '_' : c));
    return "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded(filename);
  }

  private static boolean isSpecial(int c) {
    return c == '"' || c == '\\' || c == '%';
  }

  private static String encoded(String text) {
    var encoded = new StringBuilder();
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      var c = (char) (b & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
