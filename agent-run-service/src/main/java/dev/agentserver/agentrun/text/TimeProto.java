package dev.agentserver.agentrun.text;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Spans of time and time zones, as requests tell them.
///
/// @param from null: from the first
/// @param to not itself; null: to the last
public record TimeProto(@Nullable Instant from, @Nullable Instant to) {
  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();

  /// @param start null: none
  /// @param end null: none
  public static TimeProto span(@Nullable Timestamp start, @Nullable Timestamp end) {
    var from = start == null ? null : ProtoText.instant("start_time", start);
    var to = end == null ? null : ProtoText.instant("end_time", end);
    if (from != null && to != null && !from.isBefore(to)) {
      throw Problem.invalid("end_time", "must be after start_time");
    }
    return new TimeProto(from, to);
  }

  /// Names only: what else Java takes for a zone means something else to the database.
  public static ZoneId zone(String name) {
    if (name.isEmpty()) {
      return ZoneId.of("UTC");
    }
    if (!ZONES.contains(name)) {
      throw Problem.invalid("time_zone", "is not the IANA name of a time zone");
    }
    return ZoneId.of(name);
  }
}
