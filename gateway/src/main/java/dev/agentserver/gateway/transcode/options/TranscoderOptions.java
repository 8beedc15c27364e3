package dev.agentserver.gateway.transcode.options;

import dev.agentserver.json.JsonOptions;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The options of one gateway.
///
/// @param said those that the configuration names; the others are as the mode has them
public record TranscoderOptions(Mode mode, Map<Option, Object> said) {
  /// As deep as Envoy prints.
  private static final int ENVOY_DEEPEST = 64;

  public TranscoderOptions {
    said = Map.copyOf(said);
  }

  /// What a mode does where nothing is said.
  public static TranscoderOptions of(Mode mode) {
    return new TranscoderOptions(mode, Map.of());
  }

  public boolean isEnvoy() {
    return mode == Mode.ENVOY;
  }

  public boolean is(Option flag) {
    return value(flag).orElse(false).equals(true);
  }

  /// @param otherwise where nothing is said
  public int bytes(Option size, int otherwise) {
    return value(size).map(Integer.class::cast).orElse(otherwise);
  }

  /// Empty where nothing is said.
  public Optional<Set<String>> names(Option names) {
    return value(names)
        .map(
            value -> {
              var all = new LinkedHashSet<String>();
              ((Collection<?>) value).forEach(each -> all.add(each.toString()));
              return all;
            });
  }

  public String text(Option text) {
    return value(text).map(Object::toString).orElseThrow();
  }

  /// What the configuration names, as Envoy's message has it.
  public Map<String, Object> message() {
    var message = new TreeMap<String, Object>();
    said.forEach(
        (option, value) -> {
          var path = option.path().split("\\.");
          if (path.length == 1) {
            message.put(path[0], value);
          } else {
            nested(message, path[0]).put(path[1], value);
          }
        });
    return message;
  }

  @SuppressWarnings("unchecked") // whatever is there was put there by this
  private static Map<String, Object> nested(Map<String, Object> message, String name) {
    return (Map<String, Object>) message.computeIfAbsent(name, _ -> new TreeMap<String, Object>());
  }

  private Optional<Object> value(Option option) {
    var value = said.get(option);
    return Optional.ofNullable(value == null ? option.byDefault(mode) : value);
  }

  /// How JSON is printed and read.
  public JsonOptions json() {
    return new JsonOptions(
        is(Option.PRESERVE_PROTO_FIELD_NAMES),
        is(Option.ALWAYS_PRINT_PRIMITIVE_FIELDS),
        isEnvoy(),
        true,
        false,
        is(Option.CASE_INSENSITIVE_ENUM_PARSING),
        isEnvoy(),
        is(Option.ALWAYS_PRINT_ENUMS_AS_INTS),
        is(Option.ADD_WHITESPACE),
        isEnvoy() ? ENVOY_DEEPEST : JsonOptions.DEEPEST);
  }
}
