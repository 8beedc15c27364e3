package dev.agentserver.conversation.rule;

import dev.agentserver.kit.observe.Metrics;
import java.util.List;
import java.util.function.Supplier;

/// The rules that are held to now. What they did is counted.
public final class ContentRules {
  private final Supplier<Rules> rules;
  private final Metrics metrics;

  public ContentRules(Supplier<Rules> rules, Metrics metrics) {
    this.rules = rules;
    this.metrics = metrics;
    metrics.gauge(
        "agentserver_content_rules_broken",
        "Content rules that are set and cannot be used",
        () -> rules.get().broken());
  }

  /// Whether there are any.
  public boolean any() {
    return !rules.get().rules().isEmpty();
  }

  /// Judges a message of these texts.
  public Verdict judge(List<String> texts) {
    var verdict = rules.get().judge(texts);
    if (verdict.blocked() != null) {
      count(verdict.blocked(), Action.BLOCK);
    }
    verdict.concerned().forEach(rule -> count(rule.name(), rule.action()));
    return verdict;
  }

  private void count(String rule, Action action) {
    metrics
        .counter(
            "agentserver_content_rules_applied",
            "Messages that content rules blocked, redacted or flagged",
            "rule",
            rule,
            "action",
            action.name())
        .increment();
  }
}
