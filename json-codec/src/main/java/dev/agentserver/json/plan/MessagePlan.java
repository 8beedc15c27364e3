package dev.agentserver.json.plan;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.agentserver.json.JsonOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the codec has to know of a message type: its fields by number and by name.
public final class MessagePlan {
  private static final int MOST_DIRECT = 512;

  private final Descriptor type;
  private final Form form;
  private final FieldPlan[] fields;

  /// By number, as far as numbers are small.
  private final @Nullable FieldPlan[] direct;

  private final NameTable<FieldPlan> names;
  private final OneofDescriptor[] oneofs;
  private final boolean hasParts;

  MessagePlan(Descriptor type, List<FieldDescriptor> extensions, JsonOptions options) {
    this.type = type;
    this.form = Form.of(type);
    this.oneofs = type.getRealOneofs().toArray(new OneofDescriptor[0]);
    var all = new ArrayList<>(type.getFields());
    all.addAll(extensions);
    all.sort(Comparator.comparingInt(FieldDescriptor::getNumber));
    this.fields = new FieldPlan[all.size()];
    for (int i = 0; i < fields.length; i++) {
      var field = all.get(i);
      var enums =
          field.getType() == FieldDescriptor.Type.ENUM
              ? new EnumPlan(field.getEnumType(), options)
              : null;
      fields[i] = new FieldPlan(field, i, oneof(field), options.protoNames(), enums);
    }
    this.direct = direct(fields);
    this.names = new NameTable<>(names(fields));
    this.hasParts = form == Form.OBJECT && !type.getFullName().equals("google.protobuf.Empty");
  }

  private int oneof(FieldDescriptor field) {
    for (int i = 0; i < oneofs.length; i++) {
      if (oneofs[i].equals(field.getRealContainingOneof())) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable FieldPlan[] direct(FieldPlan[] fields) {
    int largest = 0;
    for (var field : fields) {
      largest = field.number < MOST_DIRECT ? field.number : largest;
    }
    var direct = new FieldPlan[largest + 1];
    for (var field : fields) {
      if (field.number < MOST_DIRECT) {
        direct[field.number] = field;
      }
    }
    return direct;
  }

  /// The proto name of one field wins over the JSON name of another.
  private static HashMap<String, FieldPlan> names(FieldPlan[] fields) {
    var names = new HashMap<String, FieldPlan>();
    for (var field : fields) {
      names.put(field.name, field);
    }
    for (var field : fields) {
      if (!field.descriptor.isExtension()) {
        names.putIfAbsent(field.descriptor.getJsonName(), field);
      }
    }
    return names;
  }

  public Descriptor type() {
    return type;
  }

  public Form form() {
    return form;
  }

  public int fields() {
    return fields.length;
  }

  /// The field at this place in the order of numbers.
  public FieldPlan field(int index) {
    return fields[index];
  }

  /// The field of this number; null where there is none.
  public @Nullable FieldPlan numbered(int number) {
    if (number < direct.length) {
      return direct[number];
    }
    int low = 0;
    int high = fields.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      var field = fields[middle];
      if (field.number == number) {
        return field;
      }
      if (field.number < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /// The field of this proto name or JSON name, which is UTF-8; null where there is none.
  public @Nullable FieldPlan named(byte[] text, int from, int to) {
    return names.find(text, from, to);
  }

  public int oneofs() {
    return oneofs.length;
  }

  public String oneof(int index) {
    return oneofs[index].getName();
  }

  boolean hasParts() {
    return hasParts;
  }
}
