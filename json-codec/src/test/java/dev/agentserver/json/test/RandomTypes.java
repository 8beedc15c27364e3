package dev.agentserver.json.test;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes proto3 message types that nobody wrote: fields of every kind with numbers far apart, in
/// oneofs, lists, packed and not, and maps.
public final class RandomTypes {
  private static final int TYPES = 4;
  private static final int MOST_FIELDS = 40;
  private static final int MOST_GAP = 90;
  private static final int RESERVED_FROM = 19_000;
  private static final List<Type> SCALARS =
      List.of(Type.values()).stream()
          .filter(type -> type != Type.TYPE_MESSAGE && type != Type.TYPE_GROUP)
          .toList();
  private static final List<Type> KEYS =
      List.of(
          Type.TYPE_STRING, Type.TYPE_INT32, Type.TYPE_UINT64, Type.TYPE_BOOL, Type.TYPE_SINT64);
  private static final FileDescriptor[] IMPORTS = {
    AnyProto.getDescriptor(),
    DurationProto.getDescriptor(),
    FieldMaskProto.getDescriptor(),
    StructProto.getDescriptor(),
    TimestampProto.getDescriptor(),
    WrappersProto.getDescriptor()
  };
  private static final List<String> WELL_KNOWN =
      List.of("Any", "Duration", "FieldMask", "Struct", "Value", "ListValue", "Timestamp").stream()
          .map(name -> ".google.protobuf." + name)
          .toList();

  private final RandomGenerator random;

  public RandomTypes(RandomGenerator random) {
    this.random = random;
  }

  /// @param name of the file's package
  public List<Descriptor> next(String name) {
    var file = FileDescriptorProto.newBuilder();
    file.setName(name + ".proto").setPackage(name).setSyntax("proto3");
    for (var imported : IMPORTS) {
      file.addDependency(imported.getName());
    }
    file.addEnumType(
        EnumDescriptorProto.newBuilder()
            .setName("Kind")
            .addValue(value("NONE", 0))
            .addValue(value("SOME", 1))
            .addValue(value("LAST", -7)));
    for (int i = 0; i < TYPES; i++) {
      file.addMessageType(type(name, i));
    }
    try {
      return FileDescriptor.buildFrom(file.build(), IMPORTS).getMessageTypes();
    } catch (DescriptorValidationException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private static com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto value(
      String name, int number) {
    return com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .build();
  }

  private DescriptorProto type(String pkg, int index) {
    var type = DescriptorProto.newBuilder().setName("Type" + index);
    type.addOneofDecl(OneofDescriptorProto.newBuilder().setName("choice"));
    int number = 0;
    int fields = 2 + random.nextInt(MOST_FIELDS);
    for (int i = 0; i < fields; i++) {
      number += 1 + (random.nextInt(4) == 0 ? random.nextInt(MOST_GAP) : 0);
      var field = FieldDescriptorProto.newBuilder().setNumber(number % RESERVED_FROM);
      field.setName("field_" + (char) ('a' + random.nextInt(26)) + i + "_x");
      kind(pkg, field);
      switch (i < 2 ? 0 : random.nextInt(4)) {
        case 0 -> field.setLabel(Label.LABEL_OPTIONAL).setOneofIndex(0);
        case 1 -> repeated(field);
        case 2 -> map(pkg, type, field, i);
        default -> field.setLabel(Label.LABEL_OPTIONAL);
      }
      type.addField(field);
    }
    return type.build();
  }

  private void kind(String pkg, FieldDescriptorProto.Builder field) {
    switch (random.nextInt(5)) {
      case 0 ->
          field.setType(Type.TYPE_MESSAGE).setTypeName("." + pkg + ".Type" + random.nextInt(TYPES));
      case 1 ->
          field
              .setType(Type.TYPE_MESSAGE)
              .setTypeName(WELL_KNOWN.get(random.nextInt(WELL_KNOWN.size())));
      default -> {
        field.setType(SCALARS.get(random.nextInt(SCALARS.size())));
        if (field.getType() == Type.TYPE_ENUM) {
          field.setTypeName("." + pkg + ".Kind");
        }
      }
    }
  }

  private void repeated(FieldDescriptorProto.Builder field) {
    field.setLabel(Label.LABEL_REPEATED);
    boolean packable =
        switch (field.getType()) {
          case TYPE_MESSAGE, TYPE_STRING, TYPE_BYTES, TYPE_GROUP -> false;
          default -> true;
        };
    if (packable && random.nextBoolean()) {
      field.setOptions(FieldOptions.newBuilder().setPacked(false));
    }
  }

  private void map(
      String pkg, DescriptorProto.Builder type, FieldDescriptorProto.Builder field, int index) {
    var name = "Field" + Character.toUpperCase(field.getName().charAt(6)) + index + "XEntry";
    var value = field.clone().setName("value").setNumber(2).setLabel(Label.LABEL_OPTIONAL);
    type.addNestedType(
        DescriptorProto.newBuilder()
            .setName(name)
            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
            .addField(
                FieldDescriptorProto.newBuilder()
                    .setName("key")
                    .setNumber(1)
                    .setLabel(Label.LABEL_OPTIONAL)
                    .setType(KEYS.get(random.nextInt(KEYS.size()))))
            .addField(value));
    field
        .setLabel(Label.LABEL_REPEATED)
        .setType(Type.TYPE_MESSAGE)
        .setTypeName("." + pkg + "." + type.getName() + "." + name);
  }
}
