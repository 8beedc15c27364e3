package dev.agentserver.kit.grpc;

import com.google.rpc.Code;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.ErrorReason;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The registry of `common/v1/error_reason.proto`: the status that each reason travels with.
final class ErrorReasons {
  private static final String PREFIX = "ERROR_REASON_";
  private static final Map<String, Code> CODES = new HashMap<>();
  private static final Map<Status.Code, String> GENERAL = new EnumMap<>(Status.Code.class);

  static {
    for (var value : ErrorReason.getDescriptor().getValues()) {
      var reason = value.getName().substring(PREFIX.length());
      var code = value.getOptions().getExtension(AnnotationsProto.status);
      CODES.put(reason, code);
      // A reason that is named like its status is what a status without a reason of its own gets.
      if (reason.equals(code.name())) {
        GENERAL.put(Status.fromCodeValue(code.getNumber()).getCode(), reason);
      }
    }
    GENERAL.put(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED");
  }

  private ErrorReasons() {}

  /// The status of a reason. One that is not registered is a fault of ours, found by the first test
  /// that raises it.
  static Code code(String reason) {
    var code = CODES.get(reason);
    if (code == null) {
      throw new IllegalStateException(reason + " is not in the registry of error reasons");
    }
    return code;
  }

  /// The reason for a status that names none; INTERNAL for those that no contract of ours knows.
  static String general(Status.Code code) {
    return GENERAL.getOrDefault(code, "INTERNAL");
  }
}
