package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a rule into nodes. Compiled rules fail at once where a part that depends on nothing fails;
/// interpreted ones fail when that part is reached.
final class Compiler {
  static final Compiler COMPILED = new Compiler(Mode.COMPILED);
  static final Compiler INTERPRETED = new Compiler(Mode.INTERPRETED);

  private final Mode mode;

  private Compiler(Mode mode) {
    this.mode = mode;
  }

  boolean isCompiled() {
    return mode == Mode.COMPILED;
  }

  /// Keeps what comparisons of compiled rules read, see [Comparison].
  void remember(@Nullable Object value, Frame frame) {
    if (isCompiled()) {
      frame.previous = value;
    }
  }

  Node compile(@Nullable Object rule) {
    return switch (rule) {
      case List<?> list -> listing(list);
      case Map<?, ?> map -> isCompiled() ? operation(map) : interpreted(map);
      case null, default -> new Node.Constant(rule);
    };
  }

  private Node interpreted(Map<?, ?> rule) {
    try {
      return operation(rule);
    } catch (LogicError failed) {
      return new Node.Failing(failed);
    }
  }

  private Node operation(Map<?, ?> rule) {
    if (rule.isEmpty()) {
      return new Node.Constant(rule);
    }
    var name = rule.keySet().iterator().next().toString();
    if (rule.size() > 1) {
      throw new LogicError("\"" + name + "\" stands beside other operators");
    }
    var operator = Operators.named(name);
    if (Fixed.isFixed(rule)) {
      var node = operator.compile(rule.get(name), INTERPRETED);
      return new Node.Constant(node.evaluate(Frame.of(Map.of())));
    }
    return operator.compile(rule.get(name), this);
  }

  private Node listing(List<?> list) {
    var items = all(list);
    if (items.stream().allMatch(Node.Constant.class::isInstance)) {
      var values = new ArrayList<@Nullable Object>(items.size());
      items.forEach(item -> values.add(((Node.Constant) item).value()));
      return new Node.Constant(values);
    }
    return firstFailing(items)
        .orElseGet(
            () ->
                frame -> {
                  var values = new ArrayList<@Nullable Object>(items.size());
                  for (var item : items) {
                    values.add(item.evaluate(frame));
                  }
                  return values;
                });
  }

  List<Node> all(List<?> rules) {
    return rules.stream().map(this::compile).toList();
  }

  /// The first argument that was found to fail while all of them were compiled.
  static Optional<Node> firstFailing(List<Node> nodes) {
    return nodes.stream().filter(Node.Failing.class::isInstance).findFirst();
  }

  /// The arguments as one list: a single value that is none becomes a list of one.
  Node list(@Nullable Object arguments) {
    if (!(arguments instanceof Map)) {
      return compile(arguments instanceof List ? arguments : listOf(arguments));
    }
    var node = compile(arguments);
    return node instanceof Node.Failing
        ? node
        : frame -> {
          var value = node.evaluate(frame);
          return value instanceof List<?> ? value : listOf(value);
        };
  }

  /// The arguments as an operator gets them that takes one as well as many: a single one as it is.
  Node oneOrMany(@Nullable Object arguments) {
    var single = single(arguments);
    return compile(single == Undefined.UNDEFINED ? arguments : single);
  }

  /// The only argument, unless it is written as a list itself; UNDEFINED where there are many.
  private static @Nullable Object single(@Nullable Object arguments) {
    if (!(arguments instanceof List<?> list)) {
      return arguments;
    }
    return list.size() == 1 && !(list.getFirst() instanceof List)
        ? list.getFirst()
        : Undefined.UNDEFINED;
  }

  private static List<@Nullable Object> listOf(@Nullable Object value) {
    var list = new ArrayList<@Nullable Object>(1);
    list.add(value);
    return list;
  }
}
