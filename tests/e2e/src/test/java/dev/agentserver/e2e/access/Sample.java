package dev.agentserver.e2e.access;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AnnotationsProto;
import java.util.Map;
import java.util.Set;

/// Makes the smallest valid request of any RPC, about given resources: fields the contract
/// requires, a text where there is room for one, and nothing else.
///
/// @param ids the resource that a field refers to → its id; "writer" → that of the message
/// @param apiKey for the RPC that takes one
record Sample(Map<String, String> ids, String apiKey) {
  private static final Set<String> TEXTS = Set.of("title", "content");

  DynamicMessage of(Rpc rpc) {
    return fill(rpc.method().getInputType());
  }

  private DynamicMessage fill(Descriptor type) {
    var message = DynamicMessage.newBuilder(type);
    for (var field : type.getFields()) {
      if (field.getName().equals("api_key")) {
        message.setField(field, apiKey);
      } else if (field.getName().equals("writer_epoch")) {
        message.setField(field, Long.parseLong(ids.getOrDefault("writer", "1")));
      } else if (wanted(field)) {
        set(message, field);
      }
    }
    return message.build();
  }

  private static boolean wanted(FieldDescriptor field) {
    var behaviors = field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior);
    return behaviors.contains(FieldBehavior.REQUIRED)
        || TEXTS.contains(field.getName())
        || isOwnId(field)
        || isNamed(field);
  }

  /// What a call may name, and a writer in a stream by the step that goes on with a message.
  private static boolean isNamed(FieldDescriptor field) {
    var name = field.getName();
    return name.equals("resume")
        || ((name.equals("message_id") || name.equals("conversation_id"))
            && !refersTo(field).isEmpty());
  }

  private static String refersTo(FieldDescriptor field) {
    return field.getOptions().getExtension(AnnotationsProto.refersTo);
  }

  /// A resource that is changed is named by its own id.
  private static boolean isOwnId(FieldDescriptor field) {
    return field.getFullName().equals("agentserver.conversation.v1.Conversation.id");
  }

  private void set(DynamicMessage.Builder message, FieldDescriptor field) {
    if (field.isRepeated()) {
      message.addRepeatedField(field, value(field));
    } else {
      message.setField(field, value(field));
    }
  }

  private Object value(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> text(field);
      case ENUM -> field.getEnumType().findValueByNumber(1);
      case MESSAGE -> fill(field.getMessageType());
      case INT -> 1;
      case LONG -> 1L;
      case BOOLEAN -> true;
      case FLOAT -> 1f;
      case DOUBLE -> 1d;
      case BYTE_STRING -> ByteString.EMPTY;
    };
  }

  private String text(FieldDescriptor field) {
    if (field.getName().equals("path")) {
      return "/v1/somewhere";
    }
    var resource = isOwnId(field) ? "conversation" : refersTo(field);
    return ids.getOrDefault(resource, "changed by somebody");
  }
}
