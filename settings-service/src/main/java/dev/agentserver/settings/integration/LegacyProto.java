package dev.agentserver.settings.integration;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Integrations as agents had them before there was a registry of tools.
final class LegacyProto {
  private LegacyProto() {}

  /// @param tools the names of their tools
  static Struct toProto(List<Integration> integrations, Map<UUID, List<String>> tools) {
    var all = ListValue.newBuilder();
    integrations.stream()
        .filter(each -> each.attributes().active())
        .forEach(each -> all.addValues(value(each, tools.getOrDefault(each.id(), List.of()))));
    return Struct.newBuilder()
        .putFields("integrations", Value.newBuilder().setListValue(all).build())
        .build();
  }

  private static Value value(Integration integration, List<String> tools) {
    var selected = ListValue.newBuilder();
    tools.forEach(name -> selected.addValues(text(name)));
    var settings = Struct.newBuilder();
    integration
        .attributes()
        .settings()
        .forEach((key, value) -> settings.putFields(key, text(value)));
    var struct =
        Struct.newBuilder()
            .putFields("id", text(integration.id().toString()))
            .putFields("selectedTools", Value.newBuilder().setListValue(selected).build())
            .putFields("settings", Value.newBuilder().setStructValue(settings).build());
    return Value.newBuilder().setStructValue(struct).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
