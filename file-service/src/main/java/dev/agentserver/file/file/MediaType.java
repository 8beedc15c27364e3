package dev.agentserver.file.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the first bytes of a file look like. It decides how a browser is shown a file, but it is
/// not what keeps the browser safe: the headers of every download are.
public final class MediaType {
  /// As many bytes as are looked at.
  public static final int LOOK = 512;

  /// What nobody knows.
  public static final String UNKNOWN = "application/octet-stream";

  /// Pictures that a user may have.
  public static final Set<String> PICTURES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  private static final String TEXT = "text/plain";

  /// What files of a type begin with; "??" is any byte.
  private record Mark(String type, String bytes) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark("image/png", "89504e470d0a1a0a"),
          new Mark("image/jpeg", "ffd8ff"),
          new Mark("image/gif", "474946383761"),
          new Mark("image/gif", "474946383961"),
          new Mark("image/webp", "52494646????????57454250"),
          new Mark("application/pdf", "255044462d"),
          new Mark("application/zip", "504b0304"),
          new Mark("application/gzip", "1f8b08"),
          new Mark("audio/wav", "52494646????????57415645"),
          new Mark("audio/mpeg", "494433"),
          new Mark("audio/ogg", "4f676753"),
          new Mark("video/webm", "1a45dfa3"),
          new Mark("video/mp4", "????????66747970"));

  private MediaType() {}

  /// @param head the first bytes; at most [#LOOK] are looked at
  public static String of(byte[] head) {
    var seen = Math.min(head.length, LOOK);
    var hex = HexFormat.of().formatHex(head, 0, Math.min(seen, 16));
    for (var mark : MARKS) {
      if (begins(hex, mark.bytes())) {
        return mark.type();
      }
    }
    return text(head, seen);
  }

  private static boolean begins(String hex, String mark) {
    if (hex.length() < mark.length()) {
      return false;
    }
    for (var i = 0; i < mark.length(); i++) {
      if (mark.charAt(i) != '?' && mark.charAt(i) != hex.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] head, int seen) {
    var decoded = CharBuffer.allocate(seen);
    // A character may be cut at the end of what is seen.
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(head, 0, seen), decoded, false);
    var text = decoded.flip().toString();
    if (result.isError() || seen == 0 || text.chars().anyMatch(MediaType::isBinary)) {
      return UNKNOWN;
    }
    var start = text.replace("\uFEFF", "").stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("<svg") || (start.startsWith("<?xml") && start.contains("<svg"))) {
      return "image/svg+xml";
    }
    if (start.startsWith("<?xml")) {
      return "application/xml";
    }
    return start.startsWith("<") ? "text/html" : TEXT;
  }

  private static boolean isBinary(int c) {
    return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B;
  }
}
