package dev.agentserver.settings.flag.flagd;

import com.google.protobuf.Struct;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.manage.StructProto;
import dev.agentserver.settings.flag.rule.ErrorCode;
import dev.agentserver.settings.flag.rule.Kind;
import dev.agentserver.settings.flag.rule.Resolution;
import dev.agentserver.settings.flag.serve.ServedFlags;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What both versions of flagd's protocol have in common.
final class FlagdProto {
  static final String READY = "provider_ready";
  static final String CHANGED = "configuration_change";
  static final String ALIVE = "keep_alive";

  private FlagdProto() {}

  /// A flag of this type; a fault is raised as the status that flagd's clients expect.
  static Resolution resolve(
      ServedFlags flags, Caller caller, String key, Struct context, Kind kind) {
    var resolution =
        flags
            .evaluate(caller, SelectorRpc.current(), key, StructProto.map(context, "context"))
            .expect(kind);
    if (resolution.error().isPresent()) {
      throw fault(key, resolution.error().get(), resolution.message());
    }
    if (kind == Kind.OBJECT && resolution.hasValue() && !(resolution.value() instanceof Map)) {
      throw fault(key, ErrorCode.TYPE_MISMATCH, "the value is a list, not an object");
    }
    return resolution;
  }

  private static RuntimeException fault(String key, ErrorCode code, String message) {
    var facts = Map.of("key", key);
    var problem =
        switch (code) {
          case FLAG_NOT_FOUND -> new Problem.NotFound("flag", key);
          case TYPE_MISMATCH -> new Problem.Refused("FLAG_TYPE_MISMATCH", message, facts);
          case PARSE_ERROR -> new Problem.Refused("FLAG_UNREADABLE", message, facts);
          case GENERAL -> new Problem.Refused("FLAG_FAILED", message, facts);
        };
    return problem.raise();
  }

  static boolean truth(Resolution resolution) {
    return Boolean.TRUE.equals(resolution.value());
  }

  static double number(Resolution resolution) {
    return resolution.value() instanceof Number number ? number.doubleValue() : 0;
  }

  static Struct object(Resolution resolution) {
    return resolution.value() == null
        ? Struct.getDefaultInstance()
        : StructProto.value(resolution.value()).getStructValue();
  }

  static String text(Resolution resolution) {
    return String.valueOf(resolution.value());
  }

  static Struct metadata(Resolution resolution) {
    return resolution.metadata().isEmpty()
        ? Struct.getDefaultInstance()
        : StructProto.struct(resolution.metadata());
  }

  /// Names the flags that changed, as flagd does.
  static Struct changes(Set<String> keys) {
    var flags = new LinkedHashMap<String, Object>();
    keys.forEach(key -> flags.put(key, Map.of("type", "update", "source", "agentserver")));
    return StructProto.struct(Map.of("flags", flags));
  }
}
