package dev.agentserver.settings.flag.logic;

import java.util.Map;
import java.util.Set;

/// What a rule may say: the operators of JSON Logic that flagd allows, and flagd's own.
final class Operators {
  /// Those that look at the context themselves, whatever their arguments are.
  static final Set<String> OF_CONTEXT =
      Set.of("missing_some", "fractional", "starts_with", "ends_with", "sem_ver");

  /// Those whose second argument is evaluated for each item of the first.
  static final Set<String> OF_LISTS = Set.of("map", "filter", "some", "all", "none", "reduce");

  private static final Map<String, Operator> ALL =
      Map.ofEntries(
          Map.entry("var", Lookups::variable),
          Map.entry("missing", Lookups::missing),
          Map.entry("missing_some", Lookups::missingSome),
          Map.entry("if", Choices::branch),
          Map.entry("and", (arguments, compiler) -> Choices.all(arguments, compiler, false)),
          Map.entry("or", (arguments, compiler) -> Choices.all(arguments, compiler, true)),
          Map.entry("!", (arguments, compiler) -> Choices.truth(arguments, compiler, false)),
          Map.entry("!!", (arguments, compiler) -> Choices.truth(arguments, compiler, true)),
          Map.entry("==", Comparison.Test.EQUAL),
          Map.entry("!=", Comparison.Test.NOT_EQUAL),
          Map.entry("===", Comparison.Test.SAME),
          Map.entry("!==", Comparison.Test.NOT_SAME),
          Map.entry("<", Comparison.Test.LESS),
          Map.entry("<=", Comparison.Test.LESS_OR_EQUAL),
          Map.entry(">", Comparison.Test.GREATER),
          Map.entry(">=", Comparison.Test.GREATER_OR_EQUAL),
          Map.entry("+", Arithmetic.ADD),
          Map.entry("-", Arithmetic.SUBTRACT),
          Map.entry("*", Arithmetic.MULTIPLY),
          Map.entry("/", Arithmetic.DIVIDE),
          Map.entry("%", Arithmetic.REMAINDER),
          Map.entry("max", Extremes.MAX),
          Map.entry("min", Extremes.MIN),
          Map.entry("map", Iterations::map),
          Map.entry("filter", Iterations::filter),
          Map.entry("some", (a, c) -> Iterations.quantify("some", a, c)),
          Map.entry("all", (a, c) -> Iterations.quantify("all", a, c)),
          Map.entry("none", (a, c) -> Iterations.quantify("none", a, c)),
          Map.entry("reduce", Reduction::compile),
          Map.entry("merge", Texts::merge),
          Map.entry("in", Texts::in),
          Map.entry("cat", Texts::cat),
          Map.entry("substr", Texts::substr),
          Map.entry("starts_with", (a, c) -> Texts.compare(a, c, String::startsWith)),
          Map.entry("ends_with", (a, c) -> Texts.compare(a, c, String::endsWith)),
          Map.entry("sem_ver", Versions::compile),
          Map.entry("fractional", Fractional::compile));

  private Operators() {}

  static Operator named(String name) {
    var operator = ALL.get(name);
    if (operator == null) {
      throw new LogicError("there is no operator \"" + name + "\"");
    }
    return operator;
  }
}
