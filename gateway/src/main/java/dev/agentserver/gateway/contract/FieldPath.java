package dev.agentserver.gateway.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The way from a message to one of its fields, through singular messages.
public record FieldPath(List<FieldDescriptor> fields) {
  public FieldPath {
    fields = List.copyOf(fields);
  }

  /// Follows a dotted path of proto names or JSON names. Empty where a segment names no field, or
  /// where the way leads through anything but singular messages.
  public static Optional<FieldPath> resolve(Descriptor root, String dotted) {
    var fields = new ArrayList<FieldDescriptor>();
    var type = root;
    for (var segment : dotted.split("\\.", -1)) {
      if (!fields.isEmpty()) {
        var parent = fields.getLast();
        if (!Fields.isSingularMessage(parent)) {
          return Optional.empty();
        }
        type = parent.getMessageType();
      }
      var field = Fields.find(type, segment);
      if (field.isEmpty()) {
        return Optional.empty();
      }
      fields.add(field.get());
    }
    return Optional.of(new FieldPath(fields));
  }

  public static FieldPath of(FieldDescriptor field) {
    return new FieldPath(List.of(field));
  }

  public FieldDescriptor leaf() {
    return fields.getLast();
  }

  /// The path in proto names, as errors and field masks write it.
  public String name() {
    return fields.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
  }

  /// Whether this is the other path or leads on from it.
  public boolean startsWith(FieldPath other) {
    return fields.size() >= other.fields.size()
        && fields.subList(0, other.fields.size()).equals(other.fields);
  }

  /// This path with the other one after it.
  public FieldPath then(FieldPath other) {
    var all = new ArrayList<>(fields);
    all.addAll(other.fields);
    return new FieldPath(all);
  }
}
