package dev.agentserver.kit.observe;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the service can do its work: every dependency is asked each second, and a dependency
/// that does not answer within one and a half counts as down. So a stopped PostgreSQL is noticed
/// within three seconds.
public final class Health implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  private final Map<String, Dependency> dependencies = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Optional<String>>> warnings = new ConcurrentSkipListMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean starting;
  private volatile boolean draining;

  /// Asks a dependency; any exception means that it is down.
  @FunctionalInterface
  public interface Check {
    void run() throws Exception;
  }

  /// Is told each change of [#serving], and the state at the time it is added.
  @FunctionalInterface
  public interface Listener {
    void changed(boolean serving);
  }

  private static final class Dependency {
    private final Check check;
    private volatile boolean up;

    private Dependency(Check check) {
      this.check = check;
    }
  }

  /// Adds a dependency and asks it at once, so that the answer is known on return.
  public void register(String dependency, Check check) {
    var added = new Dependency(check);
    dependencies.put(dependency, added);
    ask(dependency, added);
    threads.execute(() -> watch(dependency, added));
  }

  /// Adds what somebody should see to, though the service does its work; asked when the state is
  /// read.
  public void warn(String name, Supplier<Optional<String>> warning) {
    warnings.put(name, warning);
  }

  /// Adds somebody who wants to know.
  public void listen(Listener listener) {
    listeners.add(listener);
    listener.changed(serving());
  }

  /// Whether calls should be sent here.
  public boolean serving() {
    return !starting
        && !draining
        && dependencies.values().stream().allMatch(dependency -> dependency.up);
  }

  /// Says NOT_SERVING until [#started]: the process does not listen yet to those it serves.
  public void starting() {
    starting = true;
  }

  /// From now on the dependencies decide.
  public void started() {
    starting = false;
    tell();
  }

  /// Says NOT_SERVING from now on: the process is about to stop.
  public void drain() {
    draining = true;
    tell();
  }

  /// Whether the process is about to stop: a check that is broken off then is no news.
  public boolean draining() {
    return draining;
  }

  /// The state and that of every dependency, as JSON.
  public String json() {
    var text = new StringBuilder("{\"status\":\"").append(status()).append("\",\"dependencies\":{");
    var separator = "";
    for (var entry : dependencies.entrySet()) {
      text.append(separator)
          .append('"')
          .append(entry.getKey())
          .append("\":\"")
          .append(entry.getValue().up ? "UP" : "DOWN")
          .append('"');
      separator = ",";
    }
    text.append('}');
    warnings.forEach((name, warning) -> warning.get().ifPresent(what -> warn(text, name, what)));
    return text.append('}').toString();
  }

  private static void warn(StringBuilder text, String name, String what) {
    text.append(",\"").append(name).append("\":\"").append(what).append('"');
  }

  private String status() {
    if (draining) {
      return "DRAINING";
    }
    return serving() ? "SERVING" : "NOT_SERVING";
  }

  private void watch(String name, Dependency dependency) {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        ask(name, dependency);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(String name, Dependency dependency) {
    var up = answers(name, dependency);
    if (up != dependency.up && !draining) {
      dependency.up = up;
      LOG.info("{} is {}", name, up ? "up" : "down");
      tell();
    }
  }

  private boolean answers(String name, Dependency dependency) {
    var answer =
        threads.submit(
            () -> {
              dependency.check.run();
              return true;
            });
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      if (dependency.up && !draining) {
        var cause = failed.getCause();
        LOG.warn(
            "{} failed its check: {}", name, Objects.requireNonNullElse(cause.getMessage(), cause));
        LOG.debug("{} failed its check", name, cause);
      }
    } catch (TimeoutException _) {
      if (dependency.up && !draining) {
        LOG.warn("{} did not answer its check within {} ms", name, PATIENCE.toMillis());
      }
      answer.cancel(true);
    } catch (InterruptedException closed) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private synchronized void tell() {
    var serving = serving();
    listeners.forEach(listener -> listener.changed(serving));
  }

  @Override
  public void close() {
    drain();
    threads.shutdownNow();
  }
}
