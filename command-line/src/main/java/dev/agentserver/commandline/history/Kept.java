package dev.agentserver.commandline.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.conversation.v1.Part;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// What a source says and the contract has no field for. It is kept, as it was, in a data part at
/// the end of the message: `{"import": {"source": "chatgpt", "kept": {…}}}`. What a whole
/// conversation leaves over is with its first message, under `conversation`.
///
/// A number that is none of JSON's doubles is kept by its digits: `{"$number": "…"}`.
public final class Kept {
  /// The importer's own keys of metadata begin with this.
  public static final String PREFIX = "import.";

  /// The source's own id of a message, where the message has another one.
  public static final String ID = PREFIX + "id";

  /// The last change of the conversation at its source.
  public static final String UPDATED_AT = PREFIX + "updated_at";

  /// That the source has no title: the server's first words are not compared.
  public static final String UNTITLED = PREFIX + "untitled";

  /// That the source knows no times: they are not compared.
  public static final String UNTIMED = PREFIX + "untimed";

  /// Who owned it at its source.
  public static final String USER = PREFIX + "user";

  /// Where it came from.
  public static final String SOURCE = PREFIX + "source";

  private static final String IMPORT = "import";
  private static final String KEPT = "kept";
  private static final String NUMBER = "$number";

  private Kept() {}

  /// The part that keeps it.
  public static Part part(String source, ObjectNode left) {
    var inner =
        Struct.newBuilder()
            .putFields("source", Value.newBuilder().setStringValue(source).build())
            .putFields(KEPT, value(left));
    return Part.newBuilder()
        .setData(
            Struct.newBuilder().putFields(IMPORT, Value.newBuilder().setStructValue(inner).build()))
        .build();
  }

  /// What a message's parts keep, if anything.
  public static Optional<JsonNode> of(List<Part> parts) {
    return parts.stream()
        .filter(part -> part.hasData() && part.getData().containsFields(IMPORT))
        .map(part -> part.getData().getFieldsOrThrow(IMPORT).getStructValue())
        .filter(kept -> kept.containsFields(KEPT))
        .map(kept -> json(kept.getFieldsOrThrow(KEPT)))
        .findFirst();
  }

  /// JSON as a protobuf value.
  public static Value value(JsonNode json) {
    var value = Value.newBuilder();
    return switch (json.getNodeType()) {
      case ARRAY -> {
        var list = ListValue.newBuilder();
        json.forEach(element -> list.addValues(value(element)));
        yield value.setListValue(list).build();
      }
      case OBJECT -> value.setStructValue(struct(json)).build();
      case BOOLEAN -> value.setBoolValue(json.booleanValue()).build();
      case NUMBER -> number(json);
      case STRING -> value.setStringValue(Texts.clean(json.textValue())).build();
      case NULL, MISSING, BINARY, POJO -> value.setNullValue(NullValue.NULL_VALUE).build();
    };
  }

  /// A JSON object as a protobuf struct.
  public static Struct struct(JsonNode object) {
    var struct = Struct.newBuilder();
    object
        .properties()
        .forEach(field -> struct.putFields(Texts.clean(field.getKey()), value(field.getValue())));
    return struct.build();
  }

  private static Value number(JsonNode json) {
    var number = json.doubleValue();
    var exact = json.decimalValue();
    var value = Value.newBuilder();
    return Double.isFinite(number) && new BigDecimal(Double.toString(number)).compareTo(exact) == 0
        ? value.setNumberValue(number).build()
        : value
            .setStructValue(
                Struct.newBuilder()
                    .putFields(NUMBER, Value.newBuilder().setStringValue(exact.toString()).build()))
            .build();
  }

  /// A protobuf value as JSON.
  public static JsonNode json(Value value) {
    var nodes = JsonNodeFactory.instance;
    return switch (value.getKindCase()) {
      case NUMBER_VALUE -> nodes.numberNode(plain(value.getNumberValue()));
      case STRING_VALUE -> nodes.textNode(value.getStringValue());
      case BOOL_VALUE -> nodes.booleanNode(value.getBoolValue());
      case LIST_VALUE -> {
        var array = nodes.arrayNode();
        value.getListValue().getValuesList().forEach(element -> array.add(json(element)));
        yield array;
      }
      case STRUCT_VALUE -> json(value.getStructValue());
      case NULL_VALUE, KIND_NOT_SET -> nodes.nullNode();
    };
  }

  /// A protobuf struct as JSON.
  public static JsonNode json(Struct struct) {
    if (struct.getFieldsCount() == 1 && struct.containsFields(NUMBER)) {
      return JsonNodeFactory.instance.numberNode(
          new BigDecimal(struct.getFieldsOrThrow(NUMBER).getStringValue()));
    }
    var object = JsonNodeFactory.instance.objectNode();
    struct.getFieldsMap().forEach((name, value) -> object.set(name, json(value)));
    return object;
  }

  /// Without the ".0" that a double has and an integer has not.
  private static BigDecimal plain(double number) {
    var exact = new BigDecimal(Double.toString(number));
    return exact.stripTrailingZeros().scale() <= 0 ? exact.setScale(0) : exact;
  }
}
