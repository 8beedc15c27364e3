package dev.agentserver.kit.config;

import dev.agentserver.kit.config.LiveSetting.Definition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The settings of this process that follow settings-service while it runs. While that is away they
/// stay what they were; before it was ever heard of they are the defaults.
public final class LiveConfig {
  private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

  private final Environment environment;
  private final String name;
  private final List<LiveSetting<?>> settings = new ArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile long revision = -1;

  private LiveConfig(Environment environment) {
    this.environment = environment;
    this.name = environment(environment);
  }

  /// @param environment its variables win over everything else
  public static LiveConfig of(Environment environment) {
    return new LiveConfig(environment);
  }

  /// The environment that a process runs in, by whose name values can be set: CONFIG_ENVIRONMENT,
  /// or the profile's name.
  public static String environment(Environment environment) {
    var profile = Profile.from(environment).name().toLowerCase(Locale.ROOT);
    var name = environment.text("CONFIG_ENVIRONMENT", profile);
    if (!name.matches("[a-z][a-z0-9_-]{0,31}")) {
      throw new IllegalArgumentException(
          "CONFIG_ENVIRONMENT is \"" + name + "\", allowed are 32 letters such as prod or eu-west");
    }
    return name;
  }

  /// A whole number.
  ///
  /// @param variable of the environment, which wins
  public LiveSetting<Integer> integer(
      String key, String variable, int fallback, int min, int max, String description) {
    var schema = "{\"minimum\":" + min + ",\"maximum\":" + max + "}";
    var definition = new Definition(key, "INT", schema, Integer.toString(fallback), description);
    var own = isSet(variable) ? environment.integer(variable, fallback, min, max) : null;
    return add(new LiveSetting<>(definition, fallback, text -> whole(text, min, max), own));
  }

  /// A length of time.
  ///
  /// @param variable of the environment, which wins
  public LiveSetting<Duration> duration(
      String key,
      String variable,
      Duration fallback,
      Duration min,
      Duration max,
      String description) {
    var schema = "{\"minimum\":" + seconds(min) + ",\"maximum\":" + seconds(max) + "}";
    var definition = new Definition(key, "DURATION", schema, fallback.toString(), description);
    var own = isSet(variable) ? environment.duration(variable, fallback) : null;
    return add(
        new LiveSetting<>(
            definition,
            fallback,
            text ->
                Durations.parse(text)
                    .filter(each -> each.compareTo(min) >= 0 && each.compareTo(max) <= 0),
            own));
  }

  /// A text that says something.
  ///
  /// @param variable of the environment, which wins
  /// @param schema what settings-service is to take
  /// @param read throws IllegalArgumentException for what says nothing
  public <T> LiveSetting<T> text(
      String key,
      String variable,
      String fallback,
      String schema,
      Function<String, T> read,
      String description) {
    return read("STRING", key, variable, fallback, schema, read, description);
  }

  /// A JSON value that says something; else as [#text].
  public <T> LiveSetting<T> json(
      String key,
      String variable,
      String fallback,
      String schema,
      Function<String, T> read,
      String description) {
    return read("JSON", key, variable, fallback, schema, read, description);
  }

  private <T> LiveSetting<T> read(
      String type,
      String key,
      String variable,
      String fallback,
      String schema,
      Function<String, T> read,
      String description) {
    var definition = new Definition(key, type, schema, fallback, description);
    var own = isSet(variable) ? named(variable, read) : null;
    return add(
        new LiveSetting<>(definition, read.apply(fallback), text -> attempt(read, text), own));
  }

  private <T> T named(String variable, Function<String, T> read) {
    try {
      return read.apply(environment.required(variable));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(variable + ": " + wrong.getMessage(), wrong);
    }
  }

  private static <T> Optional<T> attempt(Function<String, T> read, String text) {
    try {
      return Optional.of(read.apply(text));
    } catch (IllegalArgumentException wrong) {
      return Optional.empty();
    }
  }

  private boolean isSet(String variable) {
    return !environment.text(variable, "").isEmpty();
  }

  private static Optional<Integer> whole(String text, int min, int max) {
    try {
      var number = Integer.parseInt(text);
      return number >= min && number <= max ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private <T> LiveSetting<T> add(LiveSetting<T> setting) {
    settings.add(setting);
    return setting;
  }

  /// Is called after settings have changed, by the thread that follows them.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /// What settings-service is told of the settings.
  public List<Definition> definitions() {
    return settings.stream().<Definition>map(LiveSetting::definition).toList();
  }

  /// The name of the environment whose values count.
  public String name() {
    return name;
  }

  /// The revision that was last heard of; -1: none.
  public long revision() {
    return revision;
  }

  /// Takes what settings-service says.
  ///
  /// @param values key to text; a key that is not there has no value
  public void take(long revision, Map<String, String> values) {
    for (var setting : settings) {
      var key = setting.definition().key();
      if (!setting.take(values.get(key))) {
        LOG.warn("{} is not what it may be and stays as it was", key);
      }
    }
    this.revision = revision;
    listeners.forEach(Runnable::run);
  }
}
