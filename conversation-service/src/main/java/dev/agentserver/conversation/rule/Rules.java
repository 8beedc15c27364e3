package dev.agentserver.conversation.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.kit.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rules of an installation, as the setting `conversation.content_rules` names them.
///
/// @param broken how many of the setting are none, and are passed over
public record Rules(List<Rule> rules, int broken) {
  /// What the setting is when nobody has set it.
  public static final String NONE = "[]";

  /// What settings-service takes. Whether a pattern is one is found when it is used.
  public static final String SCHEMA =
      """
      {"type": "array", "maxItems": 20, "items": {
        "type": "object", "required": ["name", "action"], "additionalProperties": false,
        "properties": {
          "name": {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,22}$"},
          "action": {"enum": ["BLOCK", "REDACT", "FLAG"]},
          "max_characters": {"type": "integer", "minimum": 1, "maximum": 4194304},
          "pattern": {"type": "string", "minLength": 1, "maxLength": 256},
          "detector": {"enum": ["EMAIL", "CARD", "KEY"]}},
        "oneOf": [{"required": ["max_characters"]}, {"required": ["pattern"]}, {"required": ["detector"]}]}}""";

  private static final Logger LOG = LoggerFactory.getLogger(Rules.class);

  private static final int MAX_RULES = 20;
  private static final int MAX_PATTERN = 256;
  private static final String NAME = "[a-z][a-z0-9_-]{0,22}";

  /// Reads the setting. A rule of it that cannot be used does not keep the others from being held
  /// to.
  ///
  /// @throws IllegalArgumentException where it is no list of at most 20
  public static Rules of(String setting) {
    var list =
        Json.parse(setting)
            .filter(node -> node.isArray() && node.size() <= MAX_RULES)
            .orElseThrow(() -> new IllegalArgumentException("is no list of at most 20 rules"));
    var rules = new ArrayList<Rule>();
    for (var i = 0; i < list.size(); i++) {
      try {
        rules.add(rule(list.get(i)));
      } catch (IllegalArgumentException unusable) {
        LOG.error("content rule {} is passed over: {}", i, unusable.getMessage());
      }
    }
    return new Rules(List.copyOf(rules), list.size() - rules.size());
  }

  private static Rule rule(JsonNode rule) {
    var name = rule.path("name").asText();
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException("its name is not of the form " + NAME);
    }
    var action = Action.valueOf(rule.path("action").asText());
    var max = rule.path("max_characters").asLong();
    var finder = finder(rule);
    if (finder.isPresent() == max > 0) {
      throw new IllegalArgumentException("it is about nothing, or about two things");
    }
    if (finder.isEmpty() && action == Action.REDACT) {
      throw new IllegalArgumentException("a length cannot be taken out");
    }
    return new Rule(name, action, finder.orElse(null), max);
  }

  private static Optional<Finder> finder(JsonNode rule) {
    var pattern = rule.path("pattern").asText();
    var detector = rule.path("detector").asText();
    if (!pattern.isEmpty() && !detector.isEmpty() || pattern.length() > MAX_PATTERN) {
      throw new IllegalArgumentException("it has two finders, or a pattern that is too long");
    }
    if (!detector.isEmpty()) {
      return Optional.of(Detector.valueOf(detector));
    }
    return pattern.isEmpty() ? Optional.empty() : Optional.of(Matcher.of(pattern));
  }

  /// What the rules say of a message of these texts.
  Verdict judge(List<String> texts) {
    var concerned = new ArrayList<Rule>();
    for (var rule : rules) {
      if (rule.concerns(texts)) {
        if (rule.action() == Action.BLOCK) {
          return new Verdict(rule.name(), List.of());
        }
        concerned.add(rule);
      }
    }
    return concerned.isEmpty() ? Verdict.NOTHING : new Verdict(null, List.copyOf(concerned));
  }
}
