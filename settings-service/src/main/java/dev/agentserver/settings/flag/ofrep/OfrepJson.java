package dev.agentserver.settings.flag.ofrep;

import dev.agentserver.settings.flag.rule.ErrorCode;
import dev.agentserver.settings.flag.rule.Resolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What OFREP's answers look like, as JSON in Java objects.
final class OfrepJson {
  private OfrepJson() {}

  /// A flag's value, or what is wrong with it. A flag without a value has no such member: the
  /// application's own default counts.
  static Map<String, @Nullable Object> flag(String key, Resolution resolution) {
    if (resolution.error().isPresent()) {
      return failure(key, code(resolution.error().get()), resolution.message());
    }
    var flag = new LinkedHashMap<String, @Nullable Object>();
    flag.put("key", key);
    flag.put("reason", resolution.reason().name());
    resolution.variant().ifPresent(variant -> flag.put("variant", variant));
    if (resolution.hasValue()) {
      flag.put("value", resolution.value());
    }
    flag.put("metadata", resolution.metadata());
    return flag;
  }

  static Map<String, @Nullable Object> failure(String key, String code, String details) {
    var failure = new LinkedHashMap<String, @Nullable Object>();
    failure.put("key", key);
    failure.put("errorCode", code);
    failure.put("errorDetails", details);
    return failure;
  }

  static List<Map<String, @Nullable Object>> flags(Map<String, Resolution> resolutions) {
    var flags = new ArrayList<Map<String, @Nullable Object>>();
    resolutions.forEach((key, resolution) -> flags.add(flag(key, resolution)));
    return flags;
  }

  /// How a client hears of changes.
  static Map<String, @Nullable Object> stream(String url, double inactivitySeconds) {
    var stream = new LinkedHashMap<String, @Nullable Object>();
    stream.put("type", "sse");
    stream.put("url", url);
    stream.put("inactivityDelaySec", inactivitySeconds);
    return stream;
  }

  private static String code(ErrorCode code) {
    return switch (code) {
      case FLAG_NOT_FOUND, PARSE_ERROR, GENERAL -> code.name();
      // OFREP has no types, so nobody can be told that one is wrong.
      case TYPE_MISMATCH -> ErrorCode.GENERAL.name();
    };
  }
}
