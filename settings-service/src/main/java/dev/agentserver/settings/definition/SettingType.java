package dev.agentserver.settings.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentserver.kit.config.Durations;
import dev.agentserver.kit.json.Json;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a value is; the names are what the column holds. Texts that are the same value are the same
/// text, but for durations, decimals and JSON, which keep the form they were given.
public enum SettingType {
  STRING("any text"),
  INT("a whole number of 64 bits"),
  DECIMAL("a decimal number"),
  BOOL("true or false"),
  DURATION("a duration such as 500ms, 30s, 5m, 1h, 7d or PT30S"),
  URL("an absolute URL of http, https, ws or wss"),
  JSON("JSON");

  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9]\\d{0,18}");
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,39})(\\.\\d{1,40})?");
  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

  private final String form;

  SettingType(String form) {
    this.form = form;
  }

  /// What a text of this type looks like.
  public String form() {
    return form;
  }

  /// The text as a schema is shown it; empty where it is no value of this type.
  public Optional<JsonNode> read(String text) {
    return switch (this) {
      case STRING -> Optional.of(TextNode.valueOf(text));
      case INT -> whole(text);
      case DECIMAL -> number(text);
      case BOOL ->
          text.equals("true") || text.equals("false")
              ? Optional.of(BooleanNode.valueOf(text.equals("true")))
              : Optional.empty();
      case DURATION ->
          Durations.parse(text)
              .map(
                  duration ->
                      DecimalNode.valueOf(
                          BigDecimal.valueOf(duration.getSeconds())
                              .add(BigDecimal.valueOf(duration.getNano(), 9))));
      case URL -> isUrl(text) ? Optional.of(TextNode.valueOf(text)) : Optional.empty();
      case JSON -> Json.parse(text);
    };
  }

  private static Optional<JsonNode> whole(String text) {
    try {
      return WHOLE.matcher(text).matches()
          ? Optional.of(LongNode.valueOf(Long.parseLong(text)))
          : Optional.empty();
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static Optional<JsonNode> number(String text) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(DecimalNode.valueOf(new BigDecimal(text)))
        : Optional.empty();
  }

  private static boolean isUrl(String text) {
    try {
      var uri = new URI(text);
      return uri.getScheme() != null && SCHEMES.contains(uri.getScheme()) && uri.getHost() != null;
    } catch (URISyntaxException notAUrl) {
      return false;
    }
  }
}
