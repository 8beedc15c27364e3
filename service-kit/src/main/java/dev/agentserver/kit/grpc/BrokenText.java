package dev.agentserver.kit.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Optional;

/// Finds the text field whose bytes are not UTF-8: the parser says only that there is one.
final class BrokenText {
  private static final int MAX_DEPTH = 100;

  private BrokenText() {}

  /// The path of the first such field; empty when the bytes are broken in another way.
  static Optional<String> find(Descriptor type, byte[] bytes) {
    try {
      return find(type, CodedInputStream.newInstance(bytes), "", 0);
    } catch (IOException brokenOtherwise) {
      return Optional.empty();
    }
  }

  private static Optional<String> find(
      Descriptor type, CodedInputStream input, String prefix, int depth) throws IOException {
    var seen = new HashMap<FieldDescriptor, Integer>();
    for (var tag = input.readTag(); tag != 0; tag = input.readTag()) {
      var field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (field == null || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        input.skipField(tag);
        continue;
      }
      var value = input.readBytes();
      var path = prefix + name(field, seen.merge(field, 1, Integer::sum) - 1);
      if (field.getType() == Type.STRING && !value.isValidUtf8()) {
        return Optional.of(path);
      }
      if (field.getType() == Type.MESSAGE && depth < MAX_DEPTH) {
        var within = find(field.getMessageType(), value.newCodedInput(), path + ".", depth + 1);
        if (within.isPresent()) {
          return field.isMapField() ? Optional.of(path) : within;
        }
      }
    }
    return Optional.empty();
  }

  /// An entry of a map is named by its field only: its key may be what is broken.
  private static String name(FieldDescriptor field, int index) {
    return field.isRepeated() && !field.isMapField()
        ? field.getName() + "[" + index + "]"
        : field.getName();
  }
}
