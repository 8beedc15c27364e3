package dev.agentserver.agentrun.text;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.toChar;
import static org.jooq.impl.DSL.val;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// When something was by the clock of a time zone.
public final class LocalTime {
  private LocalTime() {}

  public static Field<LocalDate> date(Field<OffsetDateTime> moment, ZoneId zone) {
    return local(moment, zone.getId()).cast(SQLDataType.LOCALDATE);
  }

  public static Field<String> day(Field<OffsetDateTime> moment, ZoneId zone) {
    return toChar(local(moment, zone.getId()), "YYYY-MM-DD");
  }

  /// The minutes are cut off by the clock of that time, so that an hour that comes twice is two.
  public static Field<String> hour(Field<OffsetDateTime> moment, ZoneId zone) {
    var start =
        DSL.function(
            "date_trunc", SQLDataType.OFFSETDATETIME, inline("hour"), moment, val(zone.getId()));
    return toChar(local(start, "UTC"), "YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"");
  }

  private static Field<?> local(Field<OffsetDateTime> moment, String zone) {
    return DSL.function("timezone", SQLDataType.LOCALDATETIME, val(zone), moment);
  }
}
