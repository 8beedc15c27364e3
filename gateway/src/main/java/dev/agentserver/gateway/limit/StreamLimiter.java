package dev.agentserver.gateway.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// Counts the streams that are open, for each client in every scope it has. Nothing is kept of who
/// has none.
public final class StreamLimiter {
  private final Supplier<Limits> limits;
  private final ConcurrentHashMap<Name, Integer> open = new ConcurrentHashMap<>();

  private record Name(Scope scope, Object client) {}

  /// What came of an attempt to open one.
  public sealed interface Attempt {}

  /// It is open, until it is closed; closing it twice is closing it once.
  public record Opened(Runnable close) implements Attempt {}

  /// There are as many as may be.
  public record Refused(Scope scope, int most) implements Attempt {
    /// What limit it is, as configuration has it: `streams.key`.
    public String name() {
      return Counted.STREAMS.text() + "." + scope.text();
    }
  }

  /// @param limits asked at every attempt
  public StreamLimiter(Supplier<Limits> limits) {
    this.limits = limits;
  }

  /// Opens one in every scope, or in none.
  public Attempt open(Client client) {
    var names = new ArrayList<Name>();
    for (var scope : Scope.values()) {
      var name = client.names().get(scope);
      if (name == null) {
        continue;
      }
      var most = limits.get().find(Counted.STREAMS, scope).orElse(Integer.MAX_VALUE);
      if (!add(new Name(scope, name), most)) {
        close(names);
        return new Refused(scope, most);
      }
      names.add(new Name(scope, name));
    }
    var isOpen = new AtomicBoolean(true);
    return new Opened(
        () -> {
          if (isOpen.getAndSet(false)) {
            close(names);
          }
        });
  }

  private boolean add(Name name, int most) {
    var added = new AtomicBoolean();
    open.compute(
        name,
        (_, count) -> {
          var now = count == null ? 0 : count;
          added.set(now < most);
          return now < most ? now + 1 : count;
        });
    return added.get();
  }

  private void close(List<Name> names) {
    names.forEach(name -> open.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1));
  }

  /// How many clients are counted, each in every scope it has.
  public int size() {
    return open.size();
  }
}
