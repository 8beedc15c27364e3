package dev.agentserver.file;

import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.kit.observe.Health;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the object store whether it is there, and makes its bucket. The service is not ready before
/// that was done once. A store that goes away later does not make it so: what needs no bytes is
/// served on, what does says for itself that the store is away, and health has a warning.
final class StoreCheck implements Health.Check {
  private static final Logger LOG = LoggerFactory.getLogger(StoreCheck.class);

  /// How often in a row it has to be away before that is news: a busy machine misses one check.
  private static final int NEWS = 2;

  private final ObjectStore objects;
  private final BooleanSupplier draining;
  private volatile boolean met;
  private volatile Optional<String> fault = Optional.empty();
  private Optional<String> told = Optional.empty();
  private int failures;

  StoreCheck(ObjectStore objects, BooleanSupplier draining) {
    this.objects = objects;
    this.draining = draining;
  }

  @Override
  public void run() {
    var now = objects.prepare();
    tell(now);
    fault = now;
    met |= now.isEmpty();
    if (!met) {
      throw new IllegalStateException(now.orElseThrow());
    }
  }

  private synchronized void tell(Optional<String> now) {
    failures = now.isPresent() ? failures + 1 : 0;
    var news = now.isEmpty() || failures >= NEWS;
    if (news && !now.equals(told) && !draining.getAsBoolean()) {
      LOG.warn("the object store is {}", now.map(word -> "away: " + word).orElse("there again"));
      told = now;
    }
  }

  Optional<String> fault() {
    return fault;
  }
}
