package dev.agentserver.conversation.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the rules say of a message.
///
/// @param blocked the rule that forbids it; null: none does
/// @param concerned the rules of the other kinds that are about it
public record Verdict(@Nullable String blocked, List<Rule> concerned) {
  static final Verdict NOTHING = new Verdict(null, List.of());

  /// The names of the rules that marked it or took something out of it.
  public List<String> flags() {
    return concerned.stream().map(Rule::name).toList();
  }

  /// Whether something has to be taken out of it.
  public boolean redacts() {
    return concerned.stream().anyMatch(rule -> rule.action() == Action.REDACT);
  }

  /// One of its texts without what has to be taken out.
  public String redact(String text) {
    var rest = text;
    for (var rule : concerned) {
      rest = rule.action() == Action.REDACT ? rule.redact(rest) : rest;
    }
    return rest;
  }
}
