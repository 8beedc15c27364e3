package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.TypeRegistry;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.json.JsonCodec;
import dev.agentserver.json.JsonException;
import dev.agentserver.json.JsonOptions;
import dev.agentserver.json.ReadMessage;
import java.util.function.Supplier;

/// JSON bodies to the wire format of protobuf, and replies back. What cannot be read is a [Fault]
/// that names the field, or the position where there is no field yet; a reply that cannot be
/// printed is an UncheckedIOException, because that is not the caller's fault. JSON has the fields'
/// proto names, and what has no presence is printed also when it is empty.
public final class BodyCodec {
  private static final JsonOptions OPTIONS = new JsonOptions(true, true, false, true);

  private final JsonCodec codec;

  /// @param types what an Any may hold
  public BodyCodec(TypeRegistry types) {
    this.codec = new JsonCodec(types, OPTIONS);
  }

  /// Reads a message.
  public Body read(Descriptor type, byte[] json) {
    var read = refusing(() -> codec.read(type, json));
    return new Body(read.wire(), read.named(), read.nulls());
  }

  /// Reads the value of one field of a message; the result is the message with that field alone.
  public Body read(FieldPath field, byte[] json) {
    var read = refusing(() -> codec.read(field.leaf(), field.name(), json));
    return new Body(Wire.nest(field, read.wire()), read.named(), read.nulls());
  }

  private static ReadMessage refusing(Supplier<ReadMessage> reading) {
    try {
      return reading.get();
    } catch (JsonException wrong) {
      throw Fault.invalid(wrong.place(), String.valueOf(wrong.getMessage()));
    }
  }

  /// Prints a message.
  public byte[] print(Descriptor type, byte[] wire) {
    return codec.print(type, wire);
  }

  /// Prints the value of one field of a message.
  public byte[] print(FieldPath field, byte[] wire) {
    var parents = field.fields().subList(0, field.fields().size() - 1);
    return codec.print(field.leaf(), Wire.message(wire, new FieldPath(parents)));
  }
}
