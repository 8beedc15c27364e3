package dev.agentserver.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.plan.MessagePlan;
import dev.agentserver.json.plan.Plans;
import dev.agentserver.json.print.Indented;
import dev.agentserver.json.print.Printer;
import dev.agentserver.json.print.Unprintable;
import dev.agentserver.json.read.Reader;
import dev.agentserver.json.text.Buffer;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Protobuf's JSON, from and to the wire format, without messages in between: bytes in, bytes out,
/// by plans that are made once for each type. It may be used by many threads.
public final class JsonCodec {
  private final Plans plans;
  private final JsonOptions options;

  /// @param types what an Any may hold
  public JsonCodec(TypeRegistry types, JsonOptions options) {
    this(types, ExtensionRegistry.getEmptyRegistry(), options);
  }

  /// @param types what an Any may hold
  /// @param extensions those that are fields; others are unknown
  public JsonCodec(TypeRegistry types, ExtensionRegistry extensions, JsonOptions options) {
    this.plans = new Plans(types, extensions, options);
    this.options = options;
  }

  /// Reads a message; what cannot be read is a [JsonException].
  public ReadMessage read(Descriptor type, byte[] json) {
    return Reader.message(plans, options, plans.of(type), json);
  }

  /// Reads the value of one field; the result is the message with that field alone.
  ///
  /// @param path what the field is called in names and refusals
  public ReadMessage read(FieldDescriptor field, String path, byte[] json) {
    return Reader.field(plans, options, plan(field), path, json);
  }

  /// Prints a message; an UncheckedIOException where it is damaged or has no JSON.
  public byte[] print(Descriptor type, byte[] wire) {
    var out = new Buffer(2 * wire.length);
    try {
      Printer.print(plans, options, plans.of(type), wire, out);
    } catch (Unprintable wrong) {
      throw failure(type, wrong);
    }
    return laidOut(out);
  }

  /// Prints the value of one field of a message; `null` where it has none.
  public byte[] print(FieldDescriptor field, byte[] wire) {
    var out = new Buffer(2 * wire.length);
    var type = field.getContainingType();
    try {
      Printer.print(plans, options, plans.of(type), plan(field), wire, out);
    } catch (Unprintable wrong) {
      throw failure(type, wrong);
    }
    return laidOut(out);
  }

  private byte[] laidOut(Buffer out) {
    var json = out.toByteArray();
    return options.indented() ? Indented.of(json) : json;
  }

  private FieldPlan plan(FieldDescriptor field) {
    MessagePlan plan = plans.of(field.getContainingType());
    return Objects.requireNonNull(plan.numbered(field.getNumber()), field.getFullName());
  }

  private static UncheckedIOException failure(Descriptor type, Unprintable wrong) {
    return new UncheckedIOException(
        "a " + type.getFullName() + " " + wrong.getMessage(),
        new InvalidProtocolBufferException(wrong.getMessage()));
  }
}
