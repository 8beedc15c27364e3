package dev.agentserver.benchmarks.flag;

import dev.agentserver.settings.flag.rule.Flag;
import dev.agentserver.settings.flag.value.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flags that are evaluated.
public enum Rule {
  NONE("{}"),
  EMAIL("{'if': [{'ends_with': [{'var': 'email'}, '@example.com']}, 'on', 'off']}"),
  SHARE("{'fractional': [['on', 25], ['off', 75]]}"),
  MIXED(
      """
      {'if': [
        {'and': [
          {'in': [{'var': 'plan'}, ['pro', 'team']]},
          {'>=': [{'var': 'age'}, 18]},
          {'sem_ver': [{'var': 'version'}, '>=', '1.2.0']}]},
        'on',
        {'fractional': [{'cat': [{'var': '$flagd.flagKey'}, {'var': 'email'}]}, ['on', 10], ['off', 90]]}]}
      """);

  private final String targeting;

  Rule(String targeting) {
    this.targeting = targeting;
  }

  Flag flag() {
    return Flag.of(
        name(),
        parse(
            "{'state': 'ENABLED', 'variants': {'on': true, 'off': false}, 'defaultVariant': 'on', "
                + "'targeting': "
                + targeting
                + "}"),
        Map.of());
  }

  static Map<String, @Nullable Object> context() {
    return parse(
        "{'targetingKey': 'user-1', 'email': 'alice@example.com', 'plan': 'pro', 'age': 20, "
            + "'version': '1.3.0'}");
  }

  private static Map<String, @Nullable Object> parse(String json) {
    var fields = new HashMap<String, @Nullable Object>();
    ((Map<?, ?>) Json.parse(json.replace('\'', '"')))
        .forEach((name, value) -> fields.put(name.toString(), value));
    return fields;
  }
}
