package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.observe.Metrics;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/// The bells of this process and, unless it is switched off, the way to those of the others.
final class Doorbell implements AutoCloseable {
  private static final String SENT_AND_RECEIVED = "agentserver_events_notifications";
  private static final String HELP = "Notices between processes about events";

  private final Bells bells;
  private final @Nullable Announcer announcer;
  private final @Nullable Listener listener;

  private Doorbell(
      String name, DatabaseConfig config, Tails<?> tails, Metrics metrics, boolean between) {
    if (!between) {
      this.announcer = null;
      this.listener = null;
      this.bells = new Bells(tails::ring, (_, _) -> {}, tails::heal);
      return;
    }
    var channel = config.schema() + "_events";
    var process = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    var sent = metrics.counter(SENT_AND_RECEIVED, HELP, "log", name, "direction", "sent");
    var received = metrics.counter(SENT_AND_RECEIVED, HELP, "log", name, "direction", "received");
    this.announcer = new Announcer(config, channel, process, sent);
    ObjLongConsumer<StreamKey> others = announcer::add;
    this.bells = new Bells(tails::ring, others, tails::heal);
    this.listener = new Listener(config, channel, process, bells, received);
  }

  static Doorbell start(
      String name, DatabaseConfig config, Tails<?> tails, Metrics metrics, boolean between) {
    var doorbell = new Doorbell(name, config, tails, metrics, between);
    if (doorbell.announcer != null && doorbell.listener != null) {
      doorbell.announcer.start();
      doorbell.listener.start();
    }
    return doorbell;
  }

  Bells bells() {
    return bells;
  }

  @Override
  public void close() {
    if (announcer != null) {
      announcer.close();
    }
    if (listener != null) {
      listener.close();
    }
  }
}
