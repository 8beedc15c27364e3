package dev.agentserver.settings.flag.logic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Rules as nobody would write them, of every operator and of values that fit and that do not, with
/// contexts to evaluate them in; the same ones for the same seed.
final class RandomRules {
  private static final List<String> NAMES =
      List.of(
          "name",
          "age",
          "email",
          "plan",
          "tags",
          "tags.0",
          "nested",
          "nested.a",
          "nested.b.c",
          "missing",
          "missing.x",
          "flag",
          "zero",
          "empty",
          "nothing",
          "version",
          "targetingKey",
          "$flagd.flagKey",
          "items",
          "scores",
          "none",
          "digits");
  private static final List<String> TEXTS =
      List.of(
          "a",
          "b",
          "c",
          "alice",
          "bob",
          "alice@x.com",
          "5",
          "10",
          "",
          "3.5",
          "pro",
          "free",
          "1.2.3",
          "2.0.0-beta.1",
          "v1.2",
          "@x.com",
          "x",
          " 7 ",
          "0x10",
          "null",
          "true");
  private static final List<String> INSIDE =
      List.of("", "a", "current", "accumulator", "../index", "../../name");
  private static final int DEPTH = 3;

  private final Random random;

  RandomRules(long seed) {
    this.random = new Random(seed);
  }

  /// A flag in flagd's form.
  Map<String, @Nullable Object> definition() {
    var definition = new LinkedHashMap<String, @Nullable Object>();
    definition.put("state", "ENABLED");
    var variants = new LinkedHashMap<String, @Nullable Object>();
    List.of("a", "b", "c", "true", "false", "5").forEach(name -> variants.put(name, "is " + name));
    definition.put("variants", variants);
    if (one(4)) {
      definition.put("defaultVariant", "b");
    }
    var targeting = operation(DEPTH, false);
    definition.put(
        "targeting",
        one(2) ? of("if", list(targeting, "a", one(2) ? rule(2, false) : "b")) : targeting);
    return definition;
  }

  Map<String, @Nullable Object> context() {
    var context = new LinkedHashMap<String, @Nullable Object>();
    put(context, "targetingKey", "user-1", "alice", "x" + random.nextInt(1000));
    put(context, "name", TEXTS.toArray());
    put(context, "age", (double) random.nextInt(20), "5", null);
    put(context, "email", "alice@x.com", "bob@y.org");
    put(context, "plan", "pro", "free", "");
    put(context, "tags", list("a", "b", "alice"), list("x"), list());
    put(context, "flag", true, false);
    put(context, "zero", 0.0);
    put(context, "empty", "");
    put(context, "nothing", (Object) null);
    put(context, "version", "1.2.3", "1.2.4-alpha", "v2.0.0", "2", 1.5, "bad", "2.0.0-beta.1");
    put(context, "items", list(of("a", 1.0), of("a", "b")), list(of("a", 2.0)), "text");
    put(context, "scores", list(1.0, 2.0, 3.5), list(5.0), list("4", 2.0), list());
    put(context, "none", list());
    put(context, "digits", "12", "abc", "1e3");
    var nested = new LinkedHashMap<String, @Nullable Object>();
    nested.put("a", pick("v", 0.0, null, 3.0));
    nested.put("b", pick(of("c", "deep"), "s", null, 0.0));
    put(context, "nested", nested);
    return context;
  }

  private void put(Map<String, @Nullable Object> context, String name, @Nullable Object... values) {
    if (random.nextInt(6) > 0) {
      context.put(name, pick(values));
    }
  }

  private @Nullable Object rule(int depth, boolean inside) {
    if (depth <= 0) {
      return random.nextInt(5) < 3 ? variable(inside) : literal();
    }
    return operation(depth, inside);
  }

  private Map<String, @Nullable Object> operation(int depth, boolean inside) {
    return switch (random.nextInt(26)) {
      case 0, 1 -> condition(depth, inside);
      case 2 -> of(name("and", "or"), some(depth, inside, 1, 3));
      case 3 -> of(name("!", "!!"), one(2) ? some(depth, inside, 1, 1) : rule(depth - 1, inside));
      case 4, 5, 6 -> of(name("==", "!=", "===", "!=="), some(depth, inside, 2, 2));
      case 7, 8 -> of(name("<", "<=", ">", ">="), some(depth, inside, 2, 3));
      case 9 -> of(name("+", "*", "max", "min"), some(depth, inside, 1, 3));
      case 10 -> of("-", some(depth, inside, 1, 2));
      case 11 -> of(name("/", "%"), some(depth, inside, 2, 2));
      case 12, 13 -> of(name("cat", "merge"), some(depth, inside, 1, 3));
      case 14 -> of("in", some(depth, inside, 2, 2));
      case 15 -> of("substr", part(depth, inside));
      case 16, 17 -> iteration(depth, inside);
      case 18 -> reduction(depth);
      case 19 -> of("missing", one(2) ? anyName() : list(anyName(), anyName()));
      case 20 -> of("missing_some", list((double) random.nextInt(3), list(anyName(), anyName())));
      case 21 -> of(name("starts_with", "ends_with"), some(depth, inside, 2, 2));
      case 22 -> version();
      case 23, 24 -> fractional(depth, inside);
      default -> of("if", some(depth, inside, 1, 2));
    };
  }

  private Map<String, @Nullable Object> condition(int depth, boolean inside) {
    var parts = list(rule(depth - 1, inside), one(3) ? rule(depth - 1, inside) : name("a", "b"));
    if (random.nextInt(3) > 0) {
      parts.add(one(3) ? rule(depth - 1, inside) : pick("a", "b", null));
    }
    return of("if", parts);
  }

  private Map<String, @Nullable Object> iteration(int depth, boolean inside) {
    var over =
        one(4) ? rule(depth - 1, inside) : of("var", name("items", "tags", "scores", "none"));
    return of(name("map", "filter", "some", "all", "none"), list(over, rule(depth - 1, true)));
  }

  private Map<String, @Nullable Object> reduction(int depth) {
    var pair = list(of("var", "accumulator"), of("var", "current"));
    var step = one(2) ? of(name("+", "*", "max", "cat"), pair) : rule(depth - 1, true);
    var arguments = list(of("var", name("scores", "tags", "none")), step);
    if (random.nextInt(4) > 0) {
      arguments.add(literal());
    }
    return of("reduce", arguments);
  }

  private List<@Nullable Object> part(int depth, boolean inside) {
    var text = one(3) ? rule(depth - 1, inside) : of("var", name("name", "email", "plan"));
    var arguments = list(text, (double) (random.nextInt(9) - 4));
    if (one(2)) {
      arguments.add((double) (random.nextInt(9) - 4));
    }
    return arguments;
  }

  private Map<String, @Nullable Object> version() {
    return of(
        "sem_ver",
        list(
            one(2) ? of("var", "version") : literal(),
            name("=", "!=", "<", ">", "<=", ">=", "^", "~"),
            pick("1.2.3", "1.2", "v2.0.0", "2.0.0-beta", "2.0.0-beta.2", "x", 1.0)));
  }

  private Map<String, @Nullable Object> fractional(int depth, boolean inside) {
    var arguments = list();
    if (one(2)) {
      var salt = list(of("var", "$flagd.flagKey"), of("var", "email"));
      arguments.add(one(5) ? rule(depth - 1, inside) : of("cat", salt));
    }
    for (var left = 1 + random.nextInt(3); left > 0; left--) {
      var bucket = list(one(6) ? rule(depth - 1, inside) : name("a", "b", "c"));
      if (random.nextInt(4) > 0) {
        bucket.add(one(8) ? rule(depth - 1, inside) : (Object) (double) random.nextInt(100));
      }
      arguments.add(bucket);
    }
    return of("fractional", arguments);
  }

  private Map<String, @Nullable Object> variable(boolean inside) {
    var name =
        inside && random.nextInt(3) > 0 ? INSIDE.get(random.nextInt(INSIDE.size())) : anyName();
    return switch (random.nextInt(8)) {
      case 0 -> of("var", list(name, literal()));
      case 1 -> of("var", list(name));
      default -> of("var", name);
    };
  }

  private @Nullable Object literal() {
    return switch (random.nextInt(9)) {
      case 0 -> random.nextBoolean();
      case 1 -> null;
      case 2, 3 -> (double) (random.nextInt(21) - 5);
      case 4 -> random.nextInt(100) / 4.0;
      case 5 -> one(4) ? list(literal(), literal()) : "a";
      default -> TEXTS.get(random.nextInt(TEXTS.size()));
    };
  }

  private List<@Nullable Object> some(int depth, boolean inside, int fewest, int most) {
    var rules = list();
    for (var left = fewest + random.nextInt(most - fewest + 1); left > 0; left--) {
      rules.add(rule(depth - 1, inside));
    }
    return rules;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private String anyName() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private String name(String... names) {
    return names[random.nextInt(names.length)];
  }

  private @Nullable Object pick(@Nullable Object... values) {
    return values[random.nextInt(values.length)];
  }

  private static List<@Nullable Object> list(@Nullable Object... items) {
    return new ArrayList<>(Arrays.asList(items));
  }

  private static Map<String, @Nullable Object> of(String operator, @Nullable Object arguments) {
    var operation = new LinkedHashMap<String, @Nullable Object>();
    operation.put(operator, arguments);
    return operation;
  }
}
