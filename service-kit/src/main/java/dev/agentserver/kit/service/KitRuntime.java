package dev.agentserver.kit.service;

import dev.agentserver.kit.admin.AdminRpc;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.db.Ping;
import dev.agentserver.kit.db.SchemaDrift;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.outbox.OutboxRpc;
import dev.agentserver.kit.outbox.OutboxSequencer;
import io.grpc.BindableService;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every service's Wiring begins with: the database, and all that the kit keeps in it.
///
/// It does not migrate: that is the owner's work, see `Migrations`.
public final class KitRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KitRuntime.class);
  private static final Duration KEEP_REPLIES = Duration.ofHours(24);
  private static final Duration KEEP_FACTS = Duration.ofDays(30);
  private static final Duration KEEP_REFUSAL_COUNTS = Duration.ofDays(30);
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofMinutes(10);

  private final DatabaseConfig config;
  private final Database database;
  private final Ping ping;
  private final Ids ids;
  private final Writes writes;
  private final AuditTrail audit;
  private final Outbox outbox;
  private final List<BindableService> services;
  private final OutboxSequencer sequencer;
  private final Periodic flush;
  private final Periodic sweep;

  private KitRuntime(DatabaseConfig config, Clock clock, Metrics metrics) {
    this.config = config;
    this.database = Database.open(config, metrics);
    this.ping = new Ping(config);
    this.ids = Ids.uuidV7(clock);
    this.writes = new Writes(database, KEEP_REPLIES);
    this.audit = new AuditTrail(database, ids, clock);
    this.outbox = new Outbox(database, ids);
    var drift = new SchemaDrift(database, config.schema());
    this.services = List.of(new AdminRpc(database, drift, audit), new OutboxRpc(outbox));
    this.sequencer = OutboxSequencer.start(outbox);
    this.flush = Periodic.start("refusal-counts", FLUSH, audit::flush);
    this.sweep = Periodic.start("kit-sweeper", SWEEP, this::sweep);
  }

  /// Opens everything and registers the database with `health`.
  public static KitRuntime open(
      DatabaseConfig config, Clock clock, Metrics metrics, Health health) {
    var runtime = new KitRuntime(config, clock, metrics);
    health.register("database", runtime.ping::run);
    return runtime;
  }

  /// Where the database is, for connections beside the pool.
  public DatabaseConfig config() {
    return config;
  }

  public Database database() {
    return database;
  }

  public Ids ids() {
    return ids;
  }

  public Writes writes() {
    return writes;
  }

  public AuditTrail audit() {
    return audit;
  }

  public Outbox outbox() {
    return outbox;
  }

  /// AdminService and OutboxService, to be served beside the service's own.
  public List<BindableService> services() {
    return services;
  }

  private void sweep() {
    writes.sweep();
    outbox.sweep(KEEP_FACTS);
    audit.sweep(KEEP_REFUSAL_COUNTS);
  }

  /// Ends the background work, writes what is still counted, and closes the pool last.
  @Override
  public void close() {
    sweep.close();
    flush.close();
    sequencer.close();
    try {
      audit.flush();
      ping.close();
    } catch (SQLException | RuntimeException failure) {
      LOG.warn("not closed cleanly", failure);
    }
    database.close();
  }
}
