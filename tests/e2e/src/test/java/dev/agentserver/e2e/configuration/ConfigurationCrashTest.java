package dev.agentserver.e2e.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.configuration.Register.Read;
import dev.agentserver.e2e.configuration.Register.Stored;
import dev.agentserver.e2e.configuration.Register.Write;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.FreePort;
import dev.agentserver.e2e.server.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of the process while clients change settings, `e2e.crashes` times; then history, audit
/// trail and values must tell one story.
class ConfigurationCrashTest {
  private static final int CRASHES = Integer.getInteger("e2e.crashes", 1);
  private static final int CLIENTS = 8;
  private static final int WRITES = 30;
  private static final List<String> KEYS = List.of("r.a", "r.b", "r.c");
  private static final String READ = "/v1/config?key_prefix=r.";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path data;

  private final Register register = new Register();
  private final AtomicReference<String> unexpected = new AtomicReference<>();
  private volatile boolean stopped;
  private User owner;

  @Test
  void historyAuditAndRollbackReplayToTheCurrentValues() {
    var port = FreePort.find();
    var server = Server.start(data, port);
    try {
      owner = User.owner(server, 1);
      var settings = new Settings(owner.http());
      KEYS.forEach(settings::define);
      var clients = new ArrayList<Thread>();
      for (var i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofVirtual().start(this::work));
      }
      for (var i = 0; i < CRASHES; i++) {
        awaitWrites();
        server.kill();
        server = Server.start(data, port);
      }
      awaitWrites();
      stopped = true;
      Await.until("the end", LIMIT, () -> clients.stream().noneMatch(Thread::isAlive));
      assertThat(unexpected.get()).isNull();
      var history = settings.history();
      assertThat(register.violations(history)).isEmpty();
      assertThat(Settings.values(owner.http().get(READ).expect(200)))
          .isEqualTo(Register.states(history).lastEntry().getValue());
      assertAudited(Database.of(server), history);
      assertRolledBack(history);
      System.out.printf("%d changes, each once%n", register.acknowledgements());
    } finally {
      server.close();
    }
  }

  private void awaitWrites() {
    var goal = register.acknowledgements() + WRITES;
    Await.until(WRITES + " writes", LIMIT, () -> register.acknowledgements() >= goal);
  }

  private void work() {
    while (!stopped) {
      var base = read();
      var key = KEYS.get(ThreadLocalRandom.current().nextInt(KEYS.size()));
      var value = UUID.randomUUID().toString();
      var conditional = base >= 0 && ThreadLocalRandom.current().nextBoolean();
      register.sent(value);
      var begun = System.nanoTime();
      while (!write(key, value, conditional ? base : null, begun) && !stopped) {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  /// The revision that was read; -1: nothing was.
  private long read() {
    var begun = System.nanoTime();
    try {
      var reply = owner.http().attempt("GET", READ, null);
      if (reply.status() == 200) {
        var revision = reply.json().path("revision").asLong();
        register.read(new Read(Settings.values(reply), begun, revision));
        return revision;
      }
    } catch (IOException _) {
      // The server is down.
    }
    return -1;
  }

  /// @return whether there was a clear answer; else the same is sent again
  private boolean write(String key, String value, Long base, long begun) {
    var body = (ObjectNode) Settings.change(key, value);
    if (base != null) {
      body.put("base_revision", base.toString());
    }
    try {
      var http = owner.http().with("Idempotency-Key", value);
      var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
      var reply =
          http.with("Content-Type", "application/json").attempt("POST", Settings.APPLY, bytes);
      switch (reply.status()) {
        case 200 -> {
          var revision = reply.json().path("revision").asLong();
          register.wrote(new Write(key, value, base, begun, System.nanoTime(), revision));
          return true;
        }
        case 409 -> {
          return true;
        }
        case 429, 503, 504 -> {
          return false;
        }
        default -> {
          unexpected.compareAndSet(null, reply.toString());
          return true;
        }
      }
    } catch (IOException _) {
      return false;
    }
  }

  /// Every change of the history is proved by a row of the trail, and by one only.
  private static void assertAudited(Database database, List<Stored> history) {
    var rows =
        database.column(
            "select resource_id || ' ' || encode(salt, 'hex') || ' ' || (changes ->> 'revision')"
                + " || ' ' || (changes ->> 'value') from settings.audit_entry"
                + " where resource = 'setting' and resource_id like 'r.%@all'");
    var changes = history.stream().filter(row -> row.value() != null).toList();
    assertThat(rows).hasSize(changes.size());
    for (var change : changes) {
      assertThat(rows)
          .filteredOn(row -> proves(row.split(" "), change))
          .as(change.toString())
          .hasSize(1);
    }
  }

  private static boolean proves(String[] row, Stored change) {
    return row[0].equals(change.key() + "@all")
        && hash(row[1], Long.toString(change.revision())).equals(row[2])
        && hash(row[1], change.value()).equals(row[3]);
  }

  private static String hash(String salt, String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(HexFormat.of().parseHex(salt));
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void assertRolledBack(List<Stored> history) {
    var states = Register.states(history);
    var middle = states.lastKey() / 2;
    owner.http().post("/v1/config:rollback", Json.object().put("to_revision", middle)).expect(200);
    assertThat(Settings.values(owner.http().get(READ).expect(200))).isEqualTo(states.get(middle));
  }
}
