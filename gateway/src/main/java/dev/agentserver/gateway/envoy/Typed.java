package dev.agentserver.gateway.envoy;

import java.util.LinkedHashMap;
import java.util.Map;

/// Messages that say of which type they are.
final class Typed {
  private Typed() {}

  static Map<String, Object> of(String type, Map<String, ?> fields) {
    var typed = new LinkedHashMap<String, Object>();
    typed.put("@type", "type.googleapis.com/" + type);
    typed.putAll(fields);
    return typed;
  }

  /// An extension: its name, and its message.
  static Map<String, Object> extension(String name, String type, Map<String, ?> fields) {
    var extension = new LinkedHashMap<String, Object>();
    extension.put("name", name);
    extension.put("typed_config", of(type, fields));
    return extension;
  }
}
