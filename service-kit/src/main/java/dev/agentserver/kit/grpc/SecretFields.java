package dev.agentserver.kit.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.agentserver.common.v1.AnnotationsProto;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Removes the fields that a contract marks `secret` from messages that are kept.
final class SecretFields {
  private static final Map<Descriptor, Boolean> HOLDS_SECRETS = new ConcurrentHashMap<>();

  private SecretFields() {}

  /// The message without its secrets; the message itself when its type has none.
  static Message blanked(Message message) {
    if (!HOLDS_SECRETS.computeIfAbsent(
        message.getDescriptorForType(), type -> holdsSecrets(type, new HashSet<>()))) {
      return message;
    }
    var copy = message.toBuilder();
    message.getAllFields().forEach((field, value) -> blank(copy, field, value));
    return copy.build();
  }

  private static void blank(Message.Builder copy, FieldDescriptor field, Object value) {
    if (field.getOptions().getExtension(AnnotationsProto.secret)) {
      copy.clearField(field);
    } else if (field.getJavaType() == JavaType.MESSAGE) {
      copy.setField(
          field,
          value instanceof List<?> items
              ? items.stream().map(item -> blanked((Message) item)).toList()
              : blanked((Message) value));
    }
  }

  private static boolean holdsSecrets(Descriptor type, Set<Descriptor> seen) {
    return seen.add(type)
        && type.getFields().stream()
            .anyMatch(
                field ->
                    field.getOptions().getExtension(AnnotationsProto.secret)
                        || (field.getJavaType() == JavaType.MESSAGE
                            && holdsSecrets(field.getMessageType(), seen)));
  }
}
