package dev.agentserver.json.plan;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import dev.agentserver.json.JsonOptions;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Plans of message types, made when they are first asked for, with those of all types within.
public final class Plans {
  private final Map<Descriptor, MessagePlan> ready = new ConcurrentHashMap<>();
  private final TypeRegistry types;
  private final ExtensionRegistry extensions;
  private final JsonOptions options;

  /// @param types what an Any may hold
  /// @param extensions those that are known; others are unknown fields
  /// @param options how names are printed and read
  public Plans(TypeRegistry types, ExtensionRegistry extensions, JsonOptions options) {
    this.types = types;
    this.extensions = extensions;
    this.options = options;
  }

  public MessagePlan of(Descriptor type) {
    var plan = ready.get(type);
    return plan == null ? make(type) : plan;
  }

  /// The plan of the type that an Any names by its URL; null where it is not known.
  public @Nullable MessagePlan ofUrl(String url) {
    try {
      var type = types.getDescriptorForTypeUrl(url);
      return type == null ? null : of(type);
    } catch (InvalidProtocolBufferException notAUrl) {
      return null;
    }
  }

  public ExtensionRegistry extensions() {
    return extensions;
  }

  /// Types name each other in circles, so they are linked when all are there, and published then.
  private synchronized MessagePlan make(Descriptor first) {
    var made = new HashMap<Descriptor, MessagePlan>();
    var open = new ArrayDeque<Descriptor>();
    open.add(first);
    while (!open.isEmpty()) {
      var type = open.remove();
      if (!made.containsKey(type)) {
        var plan = new MessagePlan(type, extensionsOf(type), options);
        made.put(type, plan);
        for (int i = 0; i < plan.fields(); i++) {
          var field = plan.field(i).descriptor;
          if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            open.add(field.getMessageType());
          }
        }
      }
    }
    made.values().forEach(plan -> link(plan, made));
    made.forEach(ready::putIfAbsent);
    return made.get(first);
  }

  private static void link(MessagePlan plan, Map<Descriptor, MessagePlan> made) {
    for (int i = 0; i < plan.fields(); i++) {
      var field = plan.field(i);
      if (field.descriptor.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        field.link(made.get(field.descriptor.getMessageType()));
      }
    }
  }

  private List<FieldDescriptor> extensionsOf(Descriptor type) {
    return extensions.getAllImmutableExtensionsByExtendedType(type.getFullName()).stream()
        .map(info -> info.descriptor)
        .toList();
  }
}
