package dev.agentserver.json.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Quoted;
import org.jspecify.annotations.Nullable;

/// What the codec has to know of a field. The members are read as they are: this is the inner loop.
public final class FieldPlan {
  private static final int DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

  public final FieldDescriptor descriptor;
  public final FieldDescriptor.Type type;
  public final int number;

  /// The place among the message's fields in the order of their numbers.
  public final int index;

  /// The proto name; of an extension `[package.name]`.
  public final String name;

  public final boolean repeated;
  public final boolean map;
  public final boolean group;

  /// Whether being unset and having the default value are the same.
  public final boolean implicit;

  /// Whether it is written packed.
  public final boolean packed;

  /// Whether it may come packed.
  public final boolean packable;

  /// Whether null is a value: of google.protobuf.Value and NullValue.
  public final boolean nullable;

  /// The number of its oneof in the message; -1 outside of oneofs.
  public final int oneof;

  /// What precedes one value on the wire.
  public final int tag;

  /// What precedes all values of a packed field.
  public final int packedTag;

  /// `"name":`
  final byte[] printedName;

  /// The JSON of its default value; null of a message.
  private final byte @Nullable [] zero;

  public final @Nullable EnumPlan enums;
  private @Nullable MessagePlan message;

  FieldPlan(
      FieldDescriptor field, int index, int oneof, boolean protoNames, @Nullable EnumPlan enums) {
    this.descriptor = field;
    this.type = field.getType();
    this.number = field.getNumber();
    this.index = index;
    this.oneof = oneof;
    this.name = field.isExtension() ? "[" + field.getFullName() + "]" : field.getName();
    this.repeated = field.isRepeated();
    this.map = field.isMapField();
    this.group = type == FieldDescriptor.Type.GROUP;
    this.implicit = !repeated && !field.hasPresence();
    this.packed = field.isPacked();
    this.enums = enums;
    this.nullable = enums != null && enums.isNull() || isValue(field);
    int wireType = field.getLiteType().getWireType();
    this.tag = number << 3 | wireType;
    this.packedTag = number << 3 | DELIMITED;
    this.printedName = printedName(protoNames || field.isExtension() ? name : field.getJsonName());
    this.zero = Zero.json(field, enums);
    this.packable = field.isPackable();
  }

  private static boolean isValue(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getFullName().equals("google.protobuf.Value");
  }

  private static byte[] printedName(String name) {
    var printed = new Buffer(name.length() + 3);
    Quoted.print(printed, name);
    printed.put(':');
    return printed.toByteArray();
  }

  void link(MessagePlan plan) {
    message = plan;
  }

  /// The plan of a message field; of a map, of its entries.
  public MessagePlan message() {
    if (message == null) {
      throw new IllegalStateException(descriptor.getFullName() + " holds no messages");
    }
    return message;
  }

  /// Whether a path of fields may go on below: it holds one message that is an object of fields.
  public boolean hasParts() {
    return message != null && !repeated && message.hasParts();
  }

  /// Whether a record with this tag is of this field; one of another wire type is unknown.
  public boolean accepts(int recordTag) {
    return recordTag == tag || packable && recordTag == packedTag;
  }

  /// Adds the name with quotes and colon.
  public void printName(Buffer out) {
    out.put(printedName);
  }

  /// What is printed where the field is unset and defaults are printed; null where nothing is.
  public byte @Nullable [] unset() {
    return implicit || repeated ? zero : null;
  }

  /// The JSON of its default value; null of a message.
  public byte @Nullable [] zero() {
    return zero;
  }
}
