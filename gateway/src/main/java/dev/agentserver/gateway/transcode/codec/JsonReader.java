package dev.agentserver.gateway.transcode.codec;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.gateway.contract.Fields;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text into a message, strictly: an unknown name, a name said twice, a value of the
/// wrong kind is a fault that names the field. Names are read in both spellings.
final class JsonReader {
  /// Protobuf parsers give up at 100 messages inside each other. Two less, so that a reply which
  /// wraps what was sent, as lists do, can still be read.
  private static final int DEEPEST = 98;

  private final JsonSource source;
  private final TypeRegistry types;
  private final StructReader structs;
  private final Set<String> named = new HashSet<>();
  private final Set<String> nulls = new HashSet<>();

  JsonReader(JsonSource source, TypeRegistry types) {
    this.source = source;
    this.types = types;
    this.structs = new StructReader(source, DEEPEST);
  }

  /// Proto paths of the fields named, and of those named with null.
  Set<String> named() {
    return named;
  }

  Set<String> nulls() {
    return nulls;
  }

  /// Reads the message that begins at the next token.
  ///
  /// @param path the message's own path in the request, for the names; null inside lists and maps,
  /// which have no paths
  Message message(Descriptor type, @Nullable String path, int depth) {
    source.next();
    return messageHere(type, path, depth);
  }

  /// Reads the value of one field into a message that has nothing else.
  Message field(FieldDescriptor field, String path) {
    var message = DynamicMessage.newBuilder(field.getContainingType());
    source.next();
    value(message, field, path, 1);
    return message.build();
  }

  private Message messageHere(Descriptor type, @Nullable String path, int depth) {
    if (depth > DEEPEST) {
      throw source.wrong("is nested too deeply");
    }
    return switch (type.getFullName()) {
      case "google.protobuf.Struct" -> structs.struct(type, depth);
      case "google.protobuf.ListValue" -> structs.list(type, depth);
      case "google.protobuf.Value" -> structs.value(type, depth);
      case "google.protobuf.Any" -> any(type);
      case String _ ->
          Fields.isWellKnown(type) && !type.getFields().isEmpty()
              ? wellKnown(type)
              : object(type, path, depth);
    };
  }

  private Message object(Descriptor type, @Nullable String path, int depth) {
    if (source.current() != JsonToken.START_OBJECT) {
      throw source.wrong("is not an object");
    }
    var message = DynamicMessage.newBuilder(type);
    var seen = new HashSet<FieldDescriptor>();
    var chosen = new HashSet<OneofDescriptor>();
    while (source.next() == JsonToken.FIELD_NAME) {
      var field =
          Fields.find(type, source.name())
              .orElseThrow(() -> source.wrong("is not a field of " + type.getName()));
      if (!seen.add(field)) {
        throw source.wrong("is there twice");
      }
      var token = source.next();
      var oneof = field.getRealContainingOneof();
      if (oneof != null && token != JsonToken.VALUE_NULL && !chosen.add(oneof)) {
        throw source.wrong("is there beside another field of " + oneof.getName());
      }
      value(message, field, path == null ? null : inside(path, field), depth);
    }
    return message.build();
  }

  private static String inside(String path, FieldDescriptor field) {
    return path.isEmpty() ? field.getName() : path + "." + field.getName();
  }

  private void value(
      DynamicMessage.Builder message, FieldDescriptor field, @Nullable String path, int depth) {
    if (source.current() == JsonToken.VALUE_NULL && (field.isRepeated() || !takesNull(field))) {
      name(path, true);
      return;
    }
    if (field.isMapField()) {
      map(message, field, depth);
    } else if (field.isRepeated()) {
      list(message, field, depth);
    } else if (Fields.hasParts(field)) {
      int before = named.size();
      message.setField(field, messageHere(field.getMessageType(), path, depth + 1));
      if (named.size() > before) {
        return;
      }
    } else {
      message.setField(field, single(field, depth));
    }
    name(path, false);
  }

  private void name(@Nullable String path, boolean isNull) {
    if (path != null) {
      named.add(path);
      if (isNull) {
        nulls.add(path);
      }
    }
  }

  private void list(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
    if (source.current() != JsonToken.START_ARRAY) {
      throw source.wrong("is not an array");
    }
    while (source.next() != JsonToken.END_ARRAY) {
      message.addRepeatedField(field, element(field, depth));
    }
  }

  private void map(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
    if (source.current() != JsonToken.START_OBJECT) {
      throw source.wrong("is not an object");
    }
    var entry = field.getMessageType();
    var key = entry.findFieldByNumber(1);
    var value = entry.findFieldByNumber(2);
    var seen = new HashSet<>();
    while (source.next() == JsonToken.FIELD_NAME) {
      var read = scalar(key, source.name());
      if (!seen.add(read)) {
        throw source.wrong("is there twice");
      }
      source.next();
      message.addRepeatedField(
          field,
          DynamicMessage.newBuilder(entry)
              .setField(key, read)
              .setField(value, element(value, depth + 1))
              .build());
    }
  }

  private Object element(FieldDescriptor field, int depth) {
    if (source.current() == JsonToken.VALUE_NULL && !takesNull(field)) {
      throw source.wrong("is null");
    }
    return single(field, depth);
  }

  private Object single(FieldDescriptor field, int depth) {
    if (Fields.isMessage(field)) {
      return messageHere(field.getMessageType(), null, depth + 1);
    }
    var token = source.current();
    var fits =
        switch (field.getJavaType()) {
          case BOOLEAN -> token.isBoolean();
          case STRING, BYTE_STRING -> token == JsonToken.VALUE_STRING;
          case INT, LONG, FLOAT, DOUBLE -> token.isNumeric() || token == JsonToken.VALUE_STRING;
          case ENUM ->
              token.isNumeric() || token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL;
          case MESSAGE -> false;
        };
    if (!fits) {
      throw source.wrong("is not a value of type " + typeName(field));
    }
    return scalar(field, token == JsonToken.VALUE_NULL ? "NULL_VALUE" : source.text());
  }

  private static String typeName(FieldDescriptor field) {
    return field.getType().name().toLowerCase(Locale.ROOT);
  }

  private Object scalar(FieldDescriptor field, String text) {
    try {
      return Scalars.parse(field, text);
    } catch (IllegalArgumentException wrong) {
      throw source.wrong(String.valueOf(wrong.getMessage()));
    }
  }

  /// A type that is one text or number in JSON.
  private Message wellKnown(Descriptor type) {
    var token = source.current();
    if (WellKnown.isWrapper(type)) {
      var value = type.findFieldByName("value");
      return DynamicMessage.newBuilder(type).setField(value, single(value, 0)).build();
    }
    if (token != JsonToken.VALUE_STRING) {
      throw source.wrong("is not a string");
    }
    try {
      return WellKnown.parse(type, source.text()).orElseThrow();
    } catch (IllegalArgumentException wrong) {
      throw source.wrong(String.valueOf(wrong.getMessage()));
    }
  }

  /// Any is read whole: its type may stand last.
  private Message any(Descriptor type) {
    var message = DynamicMessage.newBuilder(type);
    try {
      JsonFormat.parser().usingTypeRegistry(types).merge(source.raw(), message);
      return message.build();
    } catch (IOException wrong) {
      throw source.wrong("is not an Any: " + wrong.getMessage());
    }
  }

  private static boolean takesNull(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName().equals("google.protobuf.Value");
      case ENUM -> field.getEnumType().getFullName().equals("google.protobuf.NullValue");
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING -> false;
    };
  }
}
