package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.TypeRegistry;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.options.Mode;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import dev.agentserver.json.JsonCodec;
import dev.agentserver.json.JsonException;
import dev.agentserver.json.ReadMessage;
import java.util.function.Function;
import java.util.function.Supplier;

/// JSON bodies to the wire format of protobuf, and replies back. What cannot be read is a [Fault]
/// that names the field, or the position where there is no field yet; a reply that cannot be
/// printed is an UncheckedIOException, because that is not the caller's fault.
public final class BodyCodec {
  private final JsonCodec codec;
  private final Function<JsonException, Fault> refusal;

  /// With the names of the proto and all fields, as where no option says otherwise.
  ///
  /// @param types what an Any may hold
  public BodyCodec(TypeRegistry types) {
    this(types, TranscoderOptions.of(Mode.SAFE));
  }

  /// @param types what an Any may hold
  public BodyCodec(TypeRegistry types, TranscoderOptions options) {
    this.codec = new JsonCodec(types, options.json());
    this.refusal = options.isEnvoy() ? EnvoyRefusals::of : BodyCodec::refusal;
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

  private ReadMessage refusing(Supplier<ReadMessage> reading) {
    try {
      return reading.get();
    } catch (JsonException wrong) {
      throw refusal.apply(wrong);
    }
  }

  private static Fault refusal(JsonException wrong) {
    return Fault.invalid(wrong.place(), String.valueOf(wrong.getMessage()));
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
