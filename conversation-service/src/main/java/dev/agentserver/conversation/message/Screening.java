package dev.agentserver.conversation.message;

import dev.agentserver.conversation.rule.ContentRules;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Holds messages to the content rules.
public final class Screening {
  /// The pair of a message's metadata that is ours: the rules that marked it or took something out
  /// of it.
  public static final String FLAGS = "content_flags";

  /// Why a message is refused, and why one that was streamed has no content.
  public static final String BLOCKED = "CONTENT_BLOCKED";

  /// Parts as they may be kept.
  ///
  /// @param changed whether something was taken out of them
  /// @param flags what goes into the message's metadata
  /// @param blocked the rule that forbids them, and there are none; null: no rule does
  public record Screened(
      List<Part> parts, boolean changed, Map<String, String> flags, @Nullable String blocked) {}

  private final ContentRules rules;

  public Screening(ContentRules rules) {
    this.rules = rules;
  }

  /// The drafts as they may be stored. Refuses all where one of them is forbidden.
  List<NewMessage> screen(List<NewMessage> drafts) {
    return drafts.stream().map(this::screen).toList();
  }

  private NewMessage screen(NewMessage draft) {
    var metadata = draft.metadata();
    if (metadata.containsKey(FLAGS)) {
      metadata = new TreeMap<>(metadata);
      metadata.remove(FLAGS);
    }
    var screened = judge(draft.parts());
    if (screened.blocked() != null) {
      throw refusal(draft.field() + "parts", screened.blocked());
    }
    if (!screened.flags().isEmpty()) {
      metadata = new TreeMap<>(metadata);
      metadata.putAll(screened.flags());
    }
    return draft.with(screened.parts(), metadata);
  }

  /// Judges parts.
  public Screened judge(List<Part> parts) {
    if (parts.isEmpty() || !rules.any()) {
      return new Screened(parts, false, Map.of(), null);
    }
    var verdict = rules.judge(PartTexts.of(parts));
    if (verdict.blocked() != null) {
      return new Screened(List.of(), true, Map.of(), verdict.blocked());
    }
    var flags =
        verdict.flags().isEmpty()
            ? Map.<String, String>of()
            : Map.of(FLAGS, String.join(",", verdict.flags()));
    return verdict.redacts()
        ? new Screened(PartTexts.map(parts, verdict::redact), true, flags, null)
        : new Screened(parts, false, flags, null);
  }

  /// Names the rule, and nothing of what it found.
  public static RuntimeException refusal(String field, String rule) {
    return new Problem.Refused(
            BLOCKED, "the content breaks the rule " + rule, Map.of("field", field, "rule", rule))
        .raise();
  }
}
