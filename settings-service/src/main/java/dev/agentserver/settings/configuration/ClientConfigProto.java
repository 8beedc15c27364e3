package dev.agentserver.settings.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

/// Values as browsers take them: JSON.
final class ClientConfigProto {
  /// Beyond it a double is not the number any more; such a number is a string, as in protobuf's own
  /// JSON.
  private static final long EXACT = 1L << 53;

  private ClientConfigProto() {}

  static Struct settings(Configuration.State state) {
    var settings = Struct.newBuilder();
    for (var setting : state.settings()) {
      var text = setting.text();
      if (text != null) {
        settings.putFields(setting.key(), value(SettingFile.json(setting.type(), text)));
      }
    }
    return settings.build();
  }

  private static Value value(JsonNode node) {
    var value = Value.newBuilder();
    if (node.isObject()) {
      var object = Struct.newBuilder();
      node.properties().forEach(each -> object.putFields(each.getKey(), value(each.getValue())));
      value.setStructValue(object);
    } else if (node.isArray()) {
      var list = ListValue.newBuilder();
      node.forEach(each -> list.addValues(value(each)));
      value.setListValue(list);
    } else if (node.isBoolean()) {
      value.setBoolValue(node.asBoolean());
    } else if (node.isNumber() && isExact(node)) {
      value.setNumberValue(node.asDouble());
    } else if (node.isNull()) {
      value.setNullValue(NullValue.NULL_VALUE);
    } else {
      value.setStringValue(node.asText());
    }
    return value.build();
  }

  private static boolean isExact(JsonNode node) {
    return !node.isIntegralNumber()
        ? Double.isFinite(node.asDouble())
        : node.canConvertToLong() && Math.abs(node.asLong()) <= EXACT;
  }
}
