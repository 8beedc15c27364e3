package dev.agentserver.settings.text;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The small translations that every message of the contract needs.
///
/// NUL characters become U+FFFD here: PostgreSQL rejects them.
public final class ProtoText {
  private ProtoText() {}

  public static String clean(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  /// Each once: two that differed in a NUL only may be the same now.
  public static List<String> clean(List<String> texts) {
    return texts.stream().map(ProtoText::clean).distinct().toList();
  }

  /// Proto3 has no null: an empty string that stands for "none".
  public static @Nullable String cleanOrNull(String text) {
    return text.isEmpty() ? null : clean(text);
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

  /// A time that was written by [#timestamp].
  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
