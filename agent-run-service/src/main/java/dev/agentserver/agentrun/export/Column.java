package dev.agentserver.agentrun.export;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A column of a file.
///
/// @param value of a row; null: there is none
record Column<R>(String name, Kind kind, Function<R, @Nullable Object> value) {
  /// What its cells are.
  enum Kind {
    /// Somebody's words: whatever they are, no spreadsheet may take them for a formula.
    TEXT,
    /// Ours: names, ids, times, decimals.
    EXACT,
    /// A whole number, or whether something is so.
    NUMBER
  }

  static <R> Column<R> text(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Kind.TEXT, value);
  }

  static <R> Column<R> exact(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Kind.EXACT, value);
  }

  static <R> Column<R> number(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Kind.NUMBER, value);
  }
}
