package dev.agentserver.gateway.transcode.binding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.transcode.codec.Body;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.EnvoyRefusals;
import dev.agentserver.gateway.transcode.codec.RawBody;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import dev.agentserver.gateway.transcode.route.Unescape;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes the request message as Envoy does: the query beats the path, the body beats both, and what
/// a list has in the query comes after what it has in the body.
public final class EnvoyBinder {
  /// The request names a field that its message has not, outside the body.
  public static final class UnknownField extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UnknownField(String message) {
      super(message, null, false, false);
    }
  }

  /// A field and its value, decoded, as the path or the query have it.
  record Binding(FieldPath field, String text) {}

  /// What path and query say.
  ///
  /// @param unknown what names no field, and is kept
  public record Bindings(List<Binding> fields, Map<String, List<String>> unknown) {}

  private final BodyCodec codec;
  private final TranscoderOptions options;
  private final Set<String> ignored;

  public EnvoyBinder(BodyCodec codec, TranscoderOptions options) {
    this.codec = codec;
    this.options = options;
    this.ignored = options.names(Option.IGNORED_QUERY_PARAMETERS).orElse(Set.of());
  }

  /// What path and query bind, in the order in which it counts. Values are not looked at yet.
  public Bindings bindings(Route route, Map<String, String> variables, String query) {
    var bindings = new Bindings(new ArrayList<>(), new TreeMap<>());
    variables.forEach(
        (name, text) -> bindings.fields().add(new Binding(route.variables().get(name), text)));
    for (var entry : query.split("&")) {
      int equals = entry.indexOf('=');
      if (equals > 0 && !ignored.contains(entry.substring(0, equals))) {
        parameter(
            route.method().request(),
            entry.substring(0, equals),
            entry.substring(equals + 1),
            bindings);
      }
    }
    return bindings;
  }

  private void parameter(Descriptor type, String rawName, String rawValue, Bindings bindings) {
    var name = decode(rawName);
    // A name is taken as it was sent first: a JSON name may hold percent signs.
    var field = FieldPath.resolve(type, rawName).or(() -> FieldPath.resolve(type, name));
    var plain =
        options.is(Option.QUERY_PARAM_UNESCAPE_PLUS) ? rawValue.replace('+', ' ') : rawValue;
    if (field.isPresent()) {
      bindings.fields().add(new Binding(field.get(), decode(plain)));
    } else if (options.is(Option.CAPTURE_UNKNOWN_QUERY_PARAMETERS)) {
      bindings.unknown().computeIfAbsent(name, _ -> new ArrayList<>()).add(decode(plain));
    } else if (!options.is(Option.IGNORE_UNKNOWN_QUERY_PARAMETERS)) {
      throw new UnknownField(unknown(type, name));
    }
  }

  private static String decode(String text) {
    try {
      return Unescape.ALL.decode(text);
    } catch (CharacterCodingException notText) {
      throw EnvoyRefusals.invalid("the query has text that is not UTF-8");
    }
  }

  private static String unknown(Descriptor root, String name) {
    var type = root;
    for (var segment : name.split("\\.", -1)) {
      var field = Fields.find(type, segment);
      if (field.isEmpty() || !Fields.isSingularMessage(field.get())) {
        return "Could not find field \"%s\" in the type \"%s\"."
            .formatted(segment, type.getFullName());
      }
      type = field.get().getMessageType();
    }
    return "Could not find field \"" + name + "\".";
  }

  /// The wire form of the request message.
  ///
  /// @param mediaType what the body says it is
  /// @param content the body; without one the message is empty
  public byte[] message(
      Route route, Bindings bindings, @Nullable String mediaType, byte[] content) {
    return merge(route, bindings, body(route, mediaType, content));
  }

  /// The wire form of each message of a stream of them. What path and query bind is in the first.
  public UnaryOperator<byte[]> messages(
      Route route, Bindings bindings, @Nullable String mediaType) {
    var first = new AtomicBoolean(true);
    return content ->
        first.getAndSet(false)
            ? message(route, bindings, mediaType, content)
            : body(route, null, content).wire();
  }

  private Body body(Route route, @Nullable String mediaType, byte[] content) {
    if (route.body() instanceof BodyRule.Raw(var field)) {
      var wire = RawBody.write(field, mediaType == null ? "" : mediaType, content);
      return new Body(wire, Set.of(), Set.of());
    }
    return content.length == 0 ? Body.empty() : json(route, content);
  }

  private Body json(Route route, byte[] json) {
    return switch (route.body()) {
      // Also where the rule has no body: whoever sends one means the message.
      case BodyRule.Whole(), BodyRule.None(), BodyRule.Raw(_) ->
          codec.read(route.method().request(), json);
      case BodyRule.OneField(var field) -> codec.read(field, json);
    };
  }

  /// What a body of any kind is, only the body says.
  private static boolean isInBody(Route route, Binding binding) {
    return route.body() instanceof BodyRule.Raw(var field)
        && (field == null || binding.field().startsWith(field));
  }

  private byte[] merge(Route route, Bindings bindings, Body body) {
    var parts = new ArrayList<byte[]>();
    parts.add(body.wire());
    if (route.body() instanceof BodyRule.Raw(var field) && !bindings.unknown().isEmpty()) {
      parts.add(RawBody.extension(field, UnknownParameters.pack(bindings.unknown())));
    }
    for (var binding : bindings.fields()) {
      if (isInBody(route, binding)) {
        continue;
      }
      var wire = wire(binding);
      if (!binding.field().leaf().isRepeated() && body.sets(binding.field().name())) {
        refuseCollision(binding, wire, body);
      } else {
        parts.add(wire);
      }
    }
    return Wire.concat(parts);
  }

  private void refuseCollision(Binding binding, byte[] wire, Body body) {
    var bound = said(wire, binding.field());
    var other = said(body.wire(), binding.field());
    if (options.is(Option.REJECT_BINDING_BODY_FIELD_COLLISIONS) && !bound.equals(other)) {
      throw EnvoyRefusals.invalid(
          "The binding value %s of the field %s is conflicting with the value %s in the body."
              .formatted(bound, binding.field().leaf().getName(), other));
    }
  }

  private static String said(byte[] wire, FieldPath path) {
    return Wire.text(Wire.last(wire, path).orElseGet(() -> Wire.defaultValue(path)), path.leaf());
  }

  private byte[] wire(Binding binding) {
    try {
      return Wire.parse(binding.field(), enumName(binding.field().leaf(), binding.text()));
    } catch (IllegalArgumentException wrong) {
      throw EnvoyRefusals.value(
          binding.field().name(), binding.field().leaf(), '"' + binding.text() + '"');
    }
  }

  private String enumName(FieldDescriptor field, String text) {
    if (field.getJavaType() != FieldDescriptor.JavaType.ENUM
        || !options.is(Option.CASE_INSENSITIVE_ENUM_PARSING)) {
      return text;
    }
    return field.getEnumType().getValues().stream()
        .map(value -> value.getName())
        .filter(name -> name.equalsIgnoreCase(text.replace('-', '_')))
        .findFirst()
        .orElse(text);
  }
}
