package dev.agentserver.settings.flag.rule;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The type that a caller expects.
public enum Kind {
  BOOLEAN,
  STRING,

  /// A number without a fraction, as large as a signed integer of 64 bits.
  INTEGER,
  FLOAT,

  /// An object or a list.
  OBJECT;

  boolean fits(@Nullable Object value) {
    return switch (this) {
      case BOOLEAN -> value instanceof Boolean;
      case STRING -> value instanceof String;
      case INTEGER ->
          value instanceof Double number
              && number == Math.rint(number)
              && Math.abs(number) < 0x1p63;
      case FLOAT -> value instanceof Double;
      case OBJECT -> value instanceof Map || value instanceof List;
    };
  }
}
