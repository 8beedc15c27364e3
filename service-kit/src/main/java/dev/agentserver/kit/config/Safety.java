package dev.agentserver.kit.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// What is not fit for production. All of it is found before the start is refused, so that it is
/// put right in one go.
///
/// Nothing is judged in the profile dev.
public final class Safety {
  /// Random digits, even hexadecimal ones, have more different ones than this.
  private static final int FEWEST_LETTERS = 5;

  private final Environment environment;
  private final Set<String> problems = new LinkedHashSet<>();

  private Safety(Environment environment) {
    this.environment = environment;
  }

  /// What one part of a process must not be told.
  @FunctionalInterface
  public interface Rule {
    void judge(Environment environment, Safety safety);
  }

  /// Fails with IllegalArgumentException that names every problem.
  public static void require(Environment environment, Rule... rules) {
    if (Profile.from(environment) != Profile.PROD) {
      return;
    }
    var safety = new Safety(environment);
    for (var rule : rules) {
      safety.check(() -> rule.judge(environment, safety));
    }
    if (!safety.problems.isEmpty()) {
      throw new IllegalArgumentException(
          "AGENTSERVER_PROFILE=prod does not start with this:\n  "
              + String.join("\n  ", safety.problems));
    }
  }

  /// A value that cannot be read is a problem among the others, not the only one that is heard of.
  private void check(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException unreadable) {
      problems.add(unreadable.getMessage());
    }
  }

  /// @param unsafe whether it is a problem; may read the environment
  public void refuse(BooleanSupplier unsafe, String problem) {
    check(
        () -> {
          if (unsafe.getAsBoolean()) {
            problems.add(problem);
          }
        });
  }

  /// Zero is no time at all in some places and no end in others, so it is refused too.
  ///
  /// @param why what becomes of it otherwise
  public void noLongerThan(String name, Duration fallback, Duration most, String why) {
    check(
        () -> {
          var value = environment.duration(name, fallback);
          if (value.isZero() || value.compareTo(most) > 0) {
            problems.add("%s is %s, allowed is up to %s: %s".formatted(name, value, most, why));
          }
        });
  }

  /// The same for a number.
  public void noMoreThan(String name, int fallback, int most, String why) {
    check(
        () -> {
          var value = environment.integer(name, fallback, 1, Integer.MAX_VALUE);
          if (value > most) {
            problems.add("%s is %d, allowed is up to %d: %s".formatted(name, value, most, why));
          }
        });
  }

  /// A secret that must be there and that nobody guesses.
  public void secret(String name, int characters) {
    check(
        () -> {
          var value = environment.secret(name).value();
          if (value.length() < characters) {
            problems.add(name + " has fewer than " + characters + " characters");
          } else if (value.chars().distinct().count() < FEWEST_LETTERS) {
            problems.add(name + " repeats itself: it does not come from a random source");
          }
        });
  }

  /// Secrets that stand for different things, so that one that is lost loses one thing.
  public void different(String... names) {
    check(
        () -> {
          var values =
              Arrays.stream(names)
                  .map(environment::secretIfSet)
                  .flatMap(Optional::stream)
                  .map(Secret::value)
                  .toList();
          if (Set.copyOf(values).size() < values.size()) {
            problems.add(String.join(" and ", List.of(names)) + " are the same");
          }
        });
  }
}
