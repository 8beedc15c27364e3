package dev.agentserver.kit.json;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/// A pattern of a schema. Those who write schemas and those who send values are not the same, and
/// together they can make a match that takes for ever: all matches of one value have so many steps.
final class BoundedPattern implements RegularExpression {
  private static final long STEPS = 5_000_000;
  private static final ScopedValue<Budget> BUDGET = ScopedValue.newInstance();

  private final Pattern pattern;

  /// The steps are used up.
  static final class TooSlow extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooSlow() {
      super("a pattern takes too long", null, false, false);
    }
  }

  private static final class Budget {
    private long steps = STEPS;

    void step() {
      if (--steps < 0) {
        throw new TooSlow();
      }
    }
  }

  /// Characters that count how often they are looked at.
  private record Counted(CharSequence text, Budget budget) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      budget.step();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), budget);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  BoundedPattern(String regex) {
    this.pattern =
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(regex)));
  }

  /// Does work whose matches have so many steps together.
  static <T> T within(ScopedValue.CallableOp<T, RuntimeException> work) {
    return ScopedValue.where(BUDGET, new Budget()).call(work);
  }

  @Override
  public boolean matches(String value) {
    var budget = BUDGET.isBound() ? BUDGET.get() : new Budget();
    return pattern.matcher(new Counted(value, budget)).find();
  }
}
