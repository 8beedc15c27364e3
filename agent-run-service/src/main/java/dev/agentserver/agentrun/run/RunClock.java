package dev.agentserver.agentrun.run;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.Supplier;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// The time that decides about leases, deadlines and pauses: the database's.
public final class RunClock {
  private final Supplier<Duration> offset;

  /// @param offset how far the database's time is off; nothing, but in tests
  public RunClock(Supplier<Duration> offset) {
    this.offset = offset;
  }

  /// Now. The time is asked for once in a statement, so that it can be looked up in an index.
  Field<OffsetDateTime> now() {
    return field(select(moment()));
  }

  /// So much later than now.
  Field<OffsetDateTime> in(Duration duration) {
    return moment().plus(DayToSecond.valueOf(duration));
  }

  private Field<OffsetDateTime> moment() {
    var clock = DSL.function("clock_timestamp", OffsetDateTime.class);
    var moved = offset.get();
    return moved.isZero() ? clock : clock.plus(DayToSecond.valueOf(moved));
  }
}
