package dev.agentserver.agentrun.price;

import java.time.Instant;
import java.time.ZoneOffset;

/// The part of each day of UTC in which a price is for, in minutes from midnight.
///
/// @param from the first minute
/// @param until the first minute after; [#ALWAYS] has none
public record Daily(int from, int until) {
  /// No part in particular. What is for a part of the day comes before it.
  public static final Daily ALWAYS = new Daily(-1, 0);

  public static final int MINUTES = 24 * 60;

  boolean contains(Instant time) {
    var minute = time.atOffset(ZoneOffset.UTC).toLocalTime().toSecondOfDay() / 60;
    return equals(ALWAYS) || (from <= minute && minute < until);
  }
}
