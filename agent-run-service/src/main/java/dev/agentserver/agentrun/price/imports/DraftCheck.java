package dev.agentserver.agentrun.price.imports;

import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.price.imports.Issue.Code;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Unit.Side;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Looks through the prices of a file for what cannot be, and for what looks like a mistake.
public final class DraftCheck {
  /// More than this is asked for no token, and for nothing else that is counted.
  private static final BigDecimal MOST_OF_A_TOKEN = new BigDecimal("0.001");

  private static final BigDecimal MOST_OF_ANYTHING = BigDecimal.valueOf(100);
  private static final BigDecimal ALIKE = new BigDecimal("0.1");

  private DraftCheck() {}

  /// The same without what is rejected, and what there is to say.
  public static PriceFile of(PriceFile file) {
    var issues = new ArrayList<>(file.issues());
    var kept = new ArrayList<Draft>();
    for (var draft : file.drafts()) {
      var wrong = draft.rates().stream().flatMap(rate -> judge(draft, rate).stream()).toList();
      issues.addAll(wrong);
      if (wrong.isEmpty()) {
        kept.add(draft);
      }
    }
    issues.addAll(rounded(kept));
    return new PriceFile(kept, issues);
  }

  private static List<Issue> judge(Draft draft, Rate rate) {
    var model = draft.key().model();
    if (rate.unitPrice().signum() < 0) {
      return List.of(
          new Issue(Code.NOT_A_PRICE, model, true, rate.unit().key() + " costs less than nothing"));
    }
    var most = rate.unit().side() == Side.OTHER ? MOST_OF_ANYTHING : MOST_OF_A_TOKEN;
    if (rate.unitPrice().compareTo(most.multiply(rate.per())) > 0) {
      return List.of(
          new Issue(
              Code.ABSURD_PRICE,
              model,
              true,
              rate.unit().key()
                  + " costs "
                  + rate.unitPrice().toPlainString()
                  + " per "
                  + rate.per().toPlainString()));
    }
    return List.of();
  }

  /// A tier costs all units so many times the ordinary price; one that is nearly that, and not
  /// quite, has lost digits.
  private static List<Issue> rounded(List<Draft> drafts) {
    Map<PriceKey, Draft> ordinary = new HashMap<>();
    drafts.forEach(draft -> ordinary.putIfAbsent(draft.key(), draft));
    var issues = new ArrayList<Issue>();
    for (var draft : drafts) {
      var key = draft.key();
      var base = ordinary.get(PriceKey.of(key.provider(), key.model()));
      if (!key.tier().isEmpty() && base != null) {
        var input = ratio(draft, base, Unit.INPUT);
        var read = ratio(draft, base, Unit.CACHE_READ);
        if (input.signum() > 0 && read.signum() > 0 && isNearly(input, read)) {
          issues.add(
              new Issue(
                  Code.ROUNDED,
                  key.model(),
                  false,
                  "cache_read of "
                      + key.tier()
                      + " is nearly as many times the ordinary as input"));
        }
      }
    }
    return issues;
  }

  private static boolean isNearly(BigDecimal some, BigDecimal other) {
    var difference = some.subtract(other).abs();
    return difference.signum() > 0 && difference.compareTo(some.multiply(ALIKE)) < 0;
  }

  private static BigDecimal ratio(Draft draft, Draft base, Unit unit) {
    var price = price(draft, unit);
    var other = price(base, unit);
    return other.signum() == 0 ? BigDecimal.ZERO : price.divide(other, MathContext.DECIMAL64);
  }

  private static BigDecimal price(Draft draft, Unit unit) {
    return draft.rates().stream()
        .filter(rate -> rate.unit() == unit && rate.above() == 0)
        .map(Rate::unitPrice)
        .findFirst()
        .orElse(BigDecimal.ZERO);
  }
}
