package dev.agentserver.settings.flag;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.settings.v1.FlagPrerequisite;

/// Flags as tests define them.
final class Definitions {
  private Definitions() {}

  static Struct of(String json) {
    var struct = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(json, struct);
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalArgumentException(json, malformed);
    }
    return struct.build();
  }

  static Struct bool(boolean on) {
    return of(
        "{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\"%s\"}"
            .formatted(on ? "on" : "off"));
  }

  static FlagPrerequisite.Builder needs(String key, String variant) {
    return FlagPrerequisite.newBuilder().setKey(key).setVariant(variant);
  }
}
