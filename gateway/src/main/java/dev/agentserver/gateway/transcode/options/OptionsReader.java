package dev.agentserver.gateway.transcode.options;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Reads options as Envoy's configuration has them, in YAML or JSON. What is no option is refused
/// by its name.
public final class OptionsReader {
  private static final Set<Object> UNESCAPES =
      Set.of("ALL_CHARACTERS_EXCEPT_RESERVED", "ALL_CHARACTERS_EXCEPT_SLASH", "ALL_CHARACTERS");

  private final Mode mode;
  private final Map<Option, Object> said = new EnumMap<>(Option.class);

  private OptionsReader(Mode mode) {
    this.mode = mode;
  }

  /// @param text YAML or JSON; empty where nothing is said
  public static TranscoderOptions read(Mode mode, String text) {
    var reader = new OptionsReader(mode);
    try {
      var document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      if (document != null) {
        reader.message("", document);
      }
    } catch (YAMLException broken) {
      throw new IllegalArgumentException(
          "the transcoder's options are neither YAML nor JSON: " + broken.getMessage(), broken);
    }
    return new TranscoderOptions(mode, reader.said);
  }

  private void message(String group, Object value) {
    if (!(value instanceof Map<?, ?> fields)) {
      throw wrong(group.isEmpty() ? "the whole" : group, "is no message with fields");
    }
    for (var field : fields.entrySet()) {
      var path = group + snake(field.getKey().toString());
      if (path.equals("print_options") || path.equals("request_validation_options")) {
        message(path + ".", field.getValue());
      } else {
        var option = find(path);
        said.put(option, checked(option, field.getValue()));
      }
    }
  }

  /// Envoy's JSON has names in camelCase, too.
  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static Option find(String path) {
    for (var option : Option.values()) {
      if (option.path().equals(path)) {
        return option;
      }
    }
    var known = Arrays.stream(Option.values()).map(Option::path).sorted().toList();
    throw wrong(path, "is no option; there are " + String.join(", ", known));
  }

  private Object checked(Option option, Object value) {
    var fits =
        switch (option.kind) {
          case FLAG, FIXED_FLAG -> value instanceof Boolean;
          case BYTES -> value instanceof Integer size && size > 0;
          case NAMES ->
              value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
          case UNESCAPE -> UNESCAPES.contains(value);
        };
    if (!fits) {
      throw wrong(option.path(), "cannot be " + value);
    }
    if (mode == Mode.SAFE && option.kind == Option.Kind.FIXED_FLAG && !value.equals(option.safe)) {
      throw wrong(
          option.path(), "is " + option.safe + " in mode safe; GATEWAY_MODE=envoy has the choice");
    }
    return value;
  }

  private static IllegalArgumentException wrong(String path, String what) {
    return new IllegalArgumentException("transcoder option " + path + " " + what);
  }
}
