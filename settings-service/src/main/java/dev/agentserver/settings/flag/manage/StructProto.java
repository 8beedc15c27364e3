package dev.agentserver.settings.flag.manage;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as protobuf has it, and as rules have it: maps, lists, strings, doubles, booleans, null.
public final class StructProto {
  private StructProto() {}

  /// @param field is named where a number is none
  public static Map<String, @Nullable Object> map(Struct struct, String field) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    struct.getFieldsMap().forEach((name, value) -> map.put(name, object(value, field)));
    return map;
  }

  private static @Nullable Object object(Value value, String field) {
    if (value.hasStringValue()) {
      return value.getStringValue();
    }
    if (value.hasBoolValue()) {
      return value.getBoolValue();
    }
    if (value.hasStructValue()) {
      return map(value.getStructValue(), field);
    }
    if (value.hasListValue()) {
      var list = new ArrayList<@Nullable Object>();
      value.getListValue().getValuesList().forEach(each -> list.add(object(each, field)));
      return list;
    }
    return value.hasNumberValue() ? number(value.getNumberValue(), field) : null;
  }

  private static Double number(double number, String field) {
    if (!Double.isFinite(number)) {
      throw Problem.invalid(field, "has a number that JSON does not have");
    }
    return number;
  }

  public static Struct struct(Map<String, ? extends @Nullable Object> map) {
    var struct = Struct.newBuilder();
    map.forEach((name, value) -> struct.putFields(name, value(value)));
    return struct.build();
  }

  public static Value value(@Nullable Object object) {
    var value = Value.newBuilder();
    switch (object) {
      case null -> value.setNullValue(NullValue.NULL_VALUE);
      case String text -> value.setStringValue(text);
      case Boolean truth -> value.setBoolValue(truth);
      case Number number -> value.setNumberValue(number.doubleValue());
      case Map<?, ?> map -> {
        var struct = Struct.newBuilder();
        map.forEach((name, each) -> struct.putFields((String) name, value(each)));
        value.setStructValue(struct);
      }
      case List<?> list -> {
        var values = ListValue.newBuilder();
        list.forEach(each -> values.addValues(value(each)));
        value.setListValue(values);
      }
      case Object other -> throw new IllegalArgumentException("no JSON: " + other.getClass());
    }
    return value.build();
  }
}
