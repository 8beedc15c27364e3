package dev.agentserver.agentrun.text;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The small translations that every message of the contract needs, between protobuf's values and
/// ours.
///
/// NUL characters become U+FFFD here: PostgreSQL rejects them and model output contains them.
public final class ProtoText {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser();

  /// An escaped NUL in JSON text: an odd number of backslashes, then u0000.
  private static final Pattern ESCAPED_NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

  private ProtoText() {}

  public static String clean(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  /// Proto3 has no null: an empty string that stands for "none".
  public static @Nullable String cleanOrNull(String text) {
    return text.isEmpty() ? null : clean(text);
  }

  public static Map<String, String> clean(Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return Map.of();
    }
    var cleaned = new TreeMap<String, String>();
    metadata.forEach((key, value) -> cleaned.put(clean(key), clean(value)));
    return cleaned;
  }

  public static @Nullable UUID uuidOrNull(String text) {
    return text.isEmpty() ? null : UUID.fromString(text);
  }

  public static String orEmpty(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  public static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /// @param field named when the timestamp is outside the years 1 to 9999
  public static Instant instant(String field, Timestamp timestamp) {
    var seconds = timestamp.getSeconds();
    if (seconds < -62_135_596_800L
        || seconds > 253_402_300_799L
        || timestamp.getNanos() < 0
        || timestamp.getNanos() > 999_999_999) {
      throw Problem.invalid(field, "must be between the years 1 and 9999");
    }
    return Instant.ofEpochSecond(seconds, timestamp.getNanos());
  }

  /// The JSON text of a Struct or Value.
  ///
  /// @param field named when it holds what JSON cannot: NaN, an infinity, a value without a kind
  public static String json(String field, Message value) {
    try {
      return ESCAPED_NUL.matcher(PRINTER.print(value)).replaceAll("$1\\\\ufffd");
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw Problem.invalid(field, "must hold only what JSON can: " + e.getMessage());
    }
  }

  /// Reads JSON text that was written by [#json].
  public static <B extends Message.Builder> B merge(String json, B builder) {
    try {
      PARSER.merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored JSON value does not parse", e);
    }
  }
}
