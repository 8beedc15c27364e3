package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.json.text.Scalars;
import dev.agentserver.json.text.WellKnown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Single values in and out of the wire format. Values are always written, the defaults included,
/// because what is bound by a path must win over a body that comes before it.
public final class Wire {
  private Wire() {}

  /// The value of a field from text, as a path or a query writes it. What is wrong is an
  /// IllegalArgumentException whose message follows the field's name in a sentence.
  public static byte[] parse(FieldPath path, String text) {
    var leaf = path.leaf();
    if (leaf.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return encode(path, Scalars.parse(leaf, text));
    }
    // A query of a browser's URLSearchParams has a blank where an offset's plus was; no time has
    // blanks.
    var time = text.replace(' ', '+');
    var isTime = leaf.getMessageType().getFullName().equals("google.protobuf.Timestamp");
    return WellKnown.parse(leaf.getMessageType(), isTime ? time : text)
        .map(value -> encode(path, value))
        .orElseThrow(() -> new IllegalArgumentException("is not a single value"));
  }

  /// The message at the start of the path, with nothing but this value in it.
  public static byte[] encode(FieldPath path, Object value) {
    var bytes = new ByteArrayOutputStream();
    var output = CodedOutputStream.newInstance(bytes);
    try {
      write(output, path.leaf(), value);
      output.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return nest(path, bytes.toByteArray());
  }

  /// Wraps an encoded message of the last field's parent into the messages of the path.
  static byte[] nest(FieldPath path, byte[] inner) {
    var wire = inner;
    for (int i = path.fields().size() - 2; i >= 0; i--) {
      wire = embed(path.fields().get(i), wire);
    }
    return wire;
  }

  private static byte[] embed(FieldDescriptor field, byte[] message) {
    var bytes = new ByteArrayOutputStream(message.length + 10);
    var output = CodedOutputStream.newInstance(bytes);
    try {
      output.writeByteArray(field.getNumber(), message);
      output.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(CodedOutputStream output, FieldDescriptor field, Object value)
      throws IOException {
    int number = field.getNumber();
    switch (field.getType()) {
      case INT32 -> output.writeInt32(number, (Integer) value);
      case SINT32 -> output.writeSInt32(number, (Integer) value);
      case SFIXED32 -> output.writeSFixed32(number, (Integer) value);
      case UINT32 -> output.writeUInt32(number, (Integer) value);
      case FIXED32 -> output.writeFixed32(number, (Integer) value);
      case INT64 -> output.writeInt64(number, (Long) value);
      case SINT64 -> output.writeSInt64(number, (Long) value);
      case SFIXED64 -> output.writeSFixed64(number, (Long) value);
      case UINT64 -> output.writeUInt64(number, (Long) value);
      case FIXED64 -> output.writeFixed64(number, (Long) value);
      case DOUBLE -> output.writeDouble(number, (Double) value);
      case FLOAT -> output.writeFloat(number, (Float) value);
      case BOOL -> output.writeBool(number, (Boolean) value);
      case STRING -> output.writeString(number, (String) value);
      case BYTES -> output.writeBytes(number, (ByteString) value);
      case ENUM -> output.writeEnum(number, ((EnumValueDescriptor) value).getNumber());
      case MESSAGE -> output.writeMessage(number, (Message) value);
      case GROUP -> throw new IllegalArgumentException("is a group");
    }
  }

  /// The wire form of the message that a path leads to, or that it begins at where it is null. What
  /// stands in several pieces is merged.
  public static byte[] message(byte[] wire, @Nullable FieldPath path) {
    return path == null ? wire : message(wire, path.fields());
  }

  private static byte[] message(byte[] wire, List<FieldDescriptor> path) {
    if (path.isEmpty()) {
      return wire;
    }
    var pieces = new ArrayList<byte[]>();
    var input = CodedInputStream.newInstance(wire);
    try {
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == path.getFirst().getNumber()) {
          pieces.add(input.readByteArray());
        } else {
          input.skipField(tag);
        }
      }
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
    return message(
        pieces.size() == 1 ? pieces.getFirst() : concat(pieces), path.subList(1, path.size()));
  }

  /// The last value of a field in a message, with its tag; empty when it is not there.
  public static Optional<byte[]> last(byte[] wire, FieldPath path) {
    Optional<byte[]> found = Optional.empty();
    var first = path.fields().getFirst();
    var input = CodedInputStream.newInstance(wire);
    try {
      while (!input.isAtEnd()) {
        int start = input.getTotalBytesRead();
        int tag = input.readTag();
        var ours = WireFormat.getTagFieldNumber(tag) == first.getNumber();
        if (ours && path.fields().size() > 1) {
          var rest = new FieldPath(path.fields().subList(1, path.fields().size()));
          var inner = last(input.readByteArray(), rest);
          found = inner.isPresent() ? inner : found;
        } else {
          input.skipField(tag);
          found = ours ? Optional.of(copy(wire, start, input.getTotalBytesRead())) : found;
        }
      }
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
    return found;
  }

  private static byte[] copy(byte[] wire, int start, int end) {
    return Arrays.copyOfRange(wire, start, end);
  }

  /// What [#last] finds of a field that is there with its default value.
  public static byte[] defaultValue(FieldPath path) {
    var leaf = path.leaf();
    var value =
        leaf.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            ? DynamicMessage.getDefaultInstance(leaf.getMessageType())
            : leaf.getDefaultValue();
    return encode(FieldPath.of(leaf), value);
  }

  /// The value of a singular scalar field as text; empty when the message has it not, or has its
  /// default.
  public static String text(byte[] wire, FieldDescriptor field) {
    var found = last(wire, FieldPath.of(field));
    if (found.isEmpty()) {
      return "";
    }
    try {
      var message = DynamicMessage.parseFrom(field.getContainingType(), found.get());
      var value = message.getField(field);
      return value instanceof EnumValueDescriptor name ? name.getName() : value.toString();
    } catch (InvalidProtocolBufferException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /// Protobuf merges what is concatenated: later values win, messages merge, lists grow.
  public static byte[] concat(Iterable<byte[]> parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
