package dev.agentserver.settings.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.db.Database;
import dev.agentserver.settings.Main;
import dev.agentserver.settings.secret.Envelope;
import dev.agentserver.settings.secret.Keyring;
import dev.agentserver.settings.secret.wrapper.EnvironmentKey;
import dev.agentserver.settings.secret.wrapper.KeysetFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service process is killed again and again in the middle of a rewrap, at random points, while
/// somebody opens credentials all the time. `-Dsettings.kills=50` kills it so often.
class RewrapCrashTest extends CredentialTest {
  private static final int ROWS = 10_000;
  private static final int KILLS = Integer.getInteger("settings.kills", 2);
  private static final int BATCH = 1_000;
  private static final int FIELDS = 50;
  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration STEP = Duration.ofMillis(2);

  @TempDir static Path directory;

  private final List<Process> children = new ArrayList<>();

  @Test
  void aRewrapGoesOnWhereItWasAndEverythingOpensThroughout()
      throws SQLException, IOException, InterruptedException {
    var keys = KeysetFile.open(keyset());
    var keyring = new Keyring(keys, List.of(new EnvironmentKey(new Secret(KEY))));
    var envelope = new Envelope(keyring);
    service.sql("insert into master_key values ('%s', 1, now())".formatted(keys.id()));
    service.sql("insert into master_key_version values ('%s', 1, now())".formatted(keys.id()));
    var ids = load(envelope);
    keys.rotate();
    service.sql(
        "insert into rewrap values ('%s', 'RUNNING', 0, 0, now(), now(), '%s')"
            .formatted(UUID.randomUUID(), keys.id()));
    try (var database = Database.open(service.databaseConfig());
        var reader = new Reader(database, envelope, tenantId(), ids)) {
      var interrupted = 0;
      var random = new Random(7);
      for (var kill = 0; kill < KILLS; kill++) {
        var before = rewrapped();
        var child = start();
        await(child, () -> rewrapped() > before);
        LockSupport.parkNanos(random.nextLong(30_000_000));
        child.destroyForcibly().waitFor();
        interrupted += rewrapped() < ROWS ? 1 : 0;
      }
      assertThat(interrupted).as("kills in the middle").isPositive();
      var last = start();
      await(last, () -> running() == 0);
      last.destroyForcibly().waitFor();
      reader.stop();
      assertThat(reader.failure()).isNull();
      assertThat(reader.opened()).isGreaterThan(KILLS);
      // Each row once: the count is committed with the rows.
      assertThat(service.column("select rewrapped || ' ' || failed from rewrap"))
          .containsExactly(ROWS + " 0");
      assertThat(service.column("select distinct kek_version from credential"))
          .containsExactly("2");
      keys.destroyThrough(1);
      for (var index = 0; index < ROWS; index++) {
        assertThat(reader.open(index)).isEqualTo(value(index));
      }
    }
  }

  /// A process starts slowly on a busy machine.
  private static void await(Process child, BooleanSupplier condition) throws IOException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (!child.isAlive() || System.nanoTime() > end) {
        throw new AssertionError(Files.readString(directory.resolve("child.log")));
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  private static Path keyset() {
    return directory.resolve("keyset.json");
  }

  private long rewrapped() {
    return Long.parseLong(service.column("select rewrapped from rewrap").getFirst());
  }

  private int running() {
    return service.column("select 1 from rewrap where state = 'RUNNING'").size();
  }

  private static String value(int index) {
    return "value of " + index;
  }

  /// The service as it is started, with the keyset of this test.
  private Process start() throws IOException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("child.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "PORT",
                "0",
                "ADMIN_PORT",
                "0",
                "DB_URL",
                service.databaseConfig().url(),
                "DB_PASSWORD",
                "runtime",
                "DB_OWNER_PASSWORD",
                "owner",
                "SETTINGS_KEY",
                KEY,
                "KEY_PEPPER",
                KEY,
                "KEYSET_FILE",
                keyset().toString()));
    var child = builder.start();
    children.add(child);
    return child;
  }

  @AfterEach
  void endThem() {
    children.forEach(Process::destroyForcibly);
  }

  private List<UUID> load(Envelope envelope) throws SQLException {
    var ids = new ArrayList<UUID>();
    try (var connection = service.superuser();
        var statement =
            connection.prepareStatement(
                "insert into credential (tenant_id, id, provider_id, field, kek_id, kek_version,"
                    + " wrapped_dek, ciphertext, value_version, last_four, version, created_at,"
                    + " updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, 1, '', 1, now(), now())")) {
      connection.setAutoCommit(false);
      var owned = provider;
      for (var index = 0; index < ROWS; index++) {
        if (index % FIELDS == 0) {
          owned = provider("provider-" + index);
        }
        var id = UUID.randomUUID();
        var field = "field_" + index % FIELDS;
        var place = StoredCredential.place(tenantId(), id, field, 1);
        var sealed = envelope.dataKey().seal(value(index), place);
        statement.setObject(1, tenantId());
        statement.setObject(2, id);
        statement.setObject(3, owned);
        statement.setString(4, field);
        statement.setString(5, sealed.key().keyId());
        statement.setInt(6, sealed.key().version());
        statement.setBytes(7, sealed.key().bytes());
        statement.setBytes(8, sealed.ciphertext());
        statement.addBatch();
        ids.add(id);
        if (index % BATCH == BATCH - 1) {
          statement.executeBatch();
          connection.commit();
        }
      }
    }
    return ids;
  }

  /// Opens random credentials until it is closed.
  private static final class Reader implements AutoCloseable {
    private final Database database;
    private final Envelope envelope;
    private final UUID tenant;
    private final List<UUID> ids;
    private final CredentialStore store = new CredentialStore();
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::read);

    Reader(Database database, Envelope envelope, UUID tenant, List<UUID> ids) {
      this.database = database;
      this.envelope = envelope;
      this.tenant = tenant;
      this.ids = ids;
      thread.start();
    }

    private void read() {
      var random = new Random(11);
      while (going.get()) {
        try {
          var index = random.nextInt(ids.size());
          assertThat(open(index)).isEqualTo(value(index));
          opened.incrementAndGet();
        } catch (RuntimeException | AssertionError lost) {
          failure.compareAndSet(null, lost);
        }
      }
    }

    String open(int index) {
      var found = database.read(db -> store.find(db, tenant, ids.get(index))).orElseThrow();
      return envelope.open(found.sealed(), found.place()).value();
    }

    int opened() {
      return opened.get();
    }

    Throwable failure() {
      return failure.get();
    }

    void stop() throws InterruptedException {
      going.set(false);
      thread.join();
    }

    @Override
    public void close() {
      going.set(false);
    }
  }
}
