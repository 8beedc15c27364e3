package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The codec over dynamic messages. JSON is read by a strict reader of our own, because JsonFormat
/// reads what is not JSON and names no fields; it is printed by JsonFormat, with the fields' proto
/// names, and with what has no presence also when it is empty.
public final class JsonFormatCodec implements JsonCodec {
  /// More than a service can send, so that every reply can be printed.
  private static final int DEEPEST_REPLY = 200;

  private final TypeRegistry types;
  private final JsonFormat.Printer printer;

  /// @param types what an Any may hold
  public JsonFormatCodec(TypeRegistry types) {
    this.types = types;
    this.printer =
        JsonFormat.printer()
            .usingTypeRegistry(types)
            .preservingProtoFieldNames()
            .alwaysPrintFieldsWithNoPresence()
            .omittingInsignificantWhitespace();
  }

  @Override
  public Body read(Descriptor type, byte[] json) {
    var source = new JsonSource(json, "");
    var reader = new JsonReader(source, types);
    var message = reader.message(type, "", 0);
    source.end();
    return new Body(message.toByteArray(), reader.named(), reader.nulls());
  }

  @Override
  public Body read(FieldPath field, byte[] json) {
    var source = new JsonSource(json, field.name());
    var reader = new JsonReader(source, types);
    var message = reader.field(field.leaf(), field.name());
    source.end();
    return new Body(Wire.nest(field, message.toByteArray()), reader.named(), reader.nulls());
  }

  @Override
  public byte[] print(Descriptor type, byte[] wire) {
    return utf8(text(parse(type, wire)));
  }

  @Override
  public byte[] print(FieldDescriptor field, byte[] wire) {
    var message = parse(field.getContainingType(), wire);
    if (field.isRepeated() && Fields.isMessage(field) && !field.isMapField()) {
      return utf8(
          ((List<?>) message.getField(field))
              .stream()
                  .map(element -> text((DynamicMessage) element))
                  .collect(Collectors.joining(",", "[", "]")));
    }
    return utf8(JsonSource.member(text(message), field.getName()));
  }

  private static DynamicMessage parse(Descriptor type, byte[] wire) {
    try {
      var input = CodedInputStream.newInstance(wire);
      input.setRecursionLimit(DEEPEST_REPLY);
      return DynamicMessage.parseFrom(type, input);
    } catch (IOException damaged) {
      throw new UncheckedIOException("a reply is not a " + type.getFullName(), damaged);
    }
  }

  private String text(DynamicMessage message) {
    try {
      return WholeNumbers.plain(printer.print(message));
    } catch (IOException unprintable) {
      throw new UncheckedIOException("a reply cannot be printed as JSON", unprintable);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
