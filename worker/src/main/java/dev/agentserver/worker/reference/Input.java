package dev.agentserver.worker.reference;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

/// A JSON object of which anything may be missing.
record Input(Struct fields) {
  static final Input NONE = new Input(Struct.getDefaultInstance());

  static Input of(Value value) {
    return new Input(value.getStructValue());
  }

  static Input of(Struct fields) {
    return new Input(fields);
  }

  Value get(String name) {
    return fields.getFieldsOrDefault(name, Value.getDefaultInstance());
  }

  String text(String name, String fallback) {
    var value = get(name);
    return value.hasStringValue() ? value.getStringValue() : fallback;
  }

  int number(String name, int fallback) {
    var value = get(name);
    return value.hasNumberValue() ? (int) value.getNumberValue() : fallback;
  }

  boolean flag(String name) {
    return get(name).getBoolValue();
  }
}
