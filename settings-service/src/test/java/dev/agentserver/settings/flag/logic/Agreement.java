package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.rule.Flag;
import dev.agentserver.settings.flag.rule.InvalidFlag;
import dev.agentserver.settings.flag.rule.Kind;
import dev.agentserver.settings.flag.value.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// What flagd's own evaluator for Node (npm `@openfeature/flagd-core`) and ours say of the same
/// rules: reason, variant, error. `settings-service/flagd-core` asks it again.
final class Agreement {
  private static final Set<String> UNBRACKETED =
      Set.of("and", "or", "all", "missing", "missing_some");
  private static final Set<String> AROUND =
      Set.of("cat", "in", "map", "filter", "some", "all", "none", "reduce");

  /// One rule and where it is evaluated.
  record Case(
      String key, Map<String, @Nullable Object> definition, Map<String, @Nullable Object> context) {
    String line() {
      return Json.print(Map.of("key", key, "definition", definition, "context", context));
    }

    /// The JavaScript that flagd-core makes of these operators is not bracketed, so that what
    /// stands around them binds to a part of them; what we evaluate is what is written.
    boolean isUnbracketed() {
      return isUnbracketed(definition.get("targeting"));
    }

    private static boolean isUnbracketed(@Nullable Object rule) {
      return switch (rule) {
        case List<?> list -> list.stream().anyMatch(Case::isUnbracketed);
        case Map<?, ?> map ->
            map.entrySet().stream()
                .anyMatch(
                    entry ->
                        (AROUND.contains(entry.getKey()) && holdsOne(entry.getValue()))
                            || isUnbracketed(entry.getValue()));
        case null, default -> false;
      };
    }

    private static boolean holdsOne(@Nullable Object arguments) {
      return arguments instanceof List<?> list
          && list.stream()
              .anyMatch(
                  rule ->
                      rule instanceof Map<?, ?> map
                          && map.keySet().stream().anyMatch(UNBRACKETED::contains));
    }
  }

  private Agreement() {}

  static List<Case> cases(int count, long seed) {
    var rules = new RandomRules(seed);
    return IntStream.range(0, count)
        .mapToObj(i -> new Case("flag" + i % 7, rules.definition(), rules.context()))
        .toList();
  }

  static String ours(Case asked) {
    try {
      var flag = Flag.of(asked.key, asked.definition, Map.of());
      var answer = flag.evaluate(asked.context, Instant.EPOCH).expect(Kind.STRING);
      var error = answer.error().map(Enum::name).orElse("");
      return answer.reason() + " " + answer.variant().orElse("") + " " + error;
    } catch (InvalidFlag refused) {
      return "ERROR  PARSE_ERROR";
    }
  }

  static List<String> recorded() throws IOException {
    var file = Agreement.class.getResourceAsStream("/flagd-core.gz");
    try (var in = new GZIPInputStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /// Arguments: how many rules, the seed, and a file where the answers are kept, or nothing.
  public static void main(String[] arguments) throws IOException {
    var cases = cases(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
    var theirs = ask(cases);
    if (arguments.length > 2) {
      try (var out = new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[2])))) {
        out.write(String.join("\n", theirs).getBytes(StandardCharsets.UTF_8));
      }
    }
    Function<Integer, Boolean> differs = i -> !ours(cases.get(i)).equals(theirs.get(i));
    var different = IntStream.range(0, cases.size()).boxed().filter(differs::apply).toList();
    var known = different.stream().filter(i -> cases.get(i).isUnbracketed()).toList();
    for (var i : different) {
      if (!known.contains(i)) {
        System.out.println(cases.get(i).line());
        System.out.println("  theirs " + theirs.get(i) + ", ours " + ours(cases.get(i)));
      }
    }
    System.out.printf(
        "%d rules, %d differ, %d of them unbracketed%n",
        cases.size(), different.size(), known.size());
    System.exit(different.size() > known.size() ? 1 : 0);
  }

  private static List<String> ask(List<Case> cases) throws IOException {
    var node = new ProcessBuilder("node", "flagd-core.mjs");
    var process = node.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread.ofPlatform().daemon().start(() -> write(cases, process));
    try (var answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return answers.lines().toList();
    }
  }

  private static void write(List<Case> cases, Process process) {
    try (var questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
      for (var asked : cases) {
        questions.write(asked.line());
        questions.newLine();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
