package dev.agentserver.settings.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.text.ProtoText;
import java.math.BigDecimal;

/// JSON as protobuf has it, and as schemas are asked about it.
final class JsonProto {
  private static final int DEPTH = 64;

  /// Beyond it a double is no whole number any more that one could mean.
  private static final double EXACT = 1L << 53;

  private final String field;

  private JsonProto(String field) {
    this.field = field;
  }

  /// @param field is named where it is no JSON that can be kept
  static ObjectNode node(Struct struct, String field) {
    return new JsonProto(field).object(struct, 1);
  }

  private ObjectNode object(Struct struct, int depth) {
    if (depth > DEPTH) {
      throw Problem.invalid(field, "is nested more than " + DEPTH + " levels deep");
    }
    var node = JsonNodeFactory.instance.objectNode();
    struct
        .getFieldsMap()
        .forEach((name, value) -> node.set(ProtoText.clean(name), value(value, depth + 1)));
    return node;
  }

  private ArrayNode array(ListValue list, int depth) {
    if (depth > DEPTH) {
      throw Problem.invalid(field, "is nested more than " + DEPTH + " levels deep");
    }
    var node = JsonNodeFactory.instance.arrayNode();
    list.getValuesList().forEach(value -> node.add(value(value, depth + 1)));
    return node;
  }

  private JsonNode value(Value value, int depth) {
    if (value.hasStringValue()) {
      return TextNode.valueOf(ProtoText.clean(value.getStringValue()));
    }
    if (value.hasBoolValue()) {
      return BooleanNode.valueOf(value.getBoolValue());
    }
    if (value.hasStructValue()) {
      return object(value.getStructValue(), depth);
    }
    if (value.hasListValue()) {
      return array(value.getListValue(), depth);
    }
    return value.hasNumberValue() ? number(value.getNumberValue()) : NullNode.getInstance();
  }

  private JsonNode number(double number) {
    if (!Double.isFinite(number)) {
      throw Problem.invalid(field, "has a number that JSON does not have");
    }
    return number == Math.rint(number) && Math.abs(number) <= EXACT
        ? LongNode.valueOf((long) number)
        : DecimalNode.valueOf(BigDecimal.valueOf(number));
  }

  static Struct struct(JsonNode node) {
    var struct = Struct.newBuilder();
    node.properties().forEach(each -> struct.putFields(each.getKey(), value(each.getValue())));
    return struct.build();
  }

  private static Value value(JsonNode node) {
    var value = Value.newBuilder();
    switch (node.getNodeType()) {
      case STRING -> value.setStringValue(node.textValue());
      case BOOLEAN -> value.setBoolValue(node.booleanValue());
      case NUMBER -> value.setNumberValue(node.doubleValue());
      case OBJECT -> value.setStructValue(struct(node));
      case ARRAY -> {
        var list = ListValue.newBuilder();
        node.forEach(each -> list.addValues(value(each)));
        value.setListValue(list);
      }
      case NULL, MISSING, BINARY, POJO -> value.setNullValue(NullValue.NULL_VALUE);
    }
    return value.build();
  }
}
