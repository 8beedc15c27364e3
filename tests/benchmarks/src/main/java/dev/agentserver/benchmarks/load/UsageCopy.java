package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Postgres;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.PGConnection;

/// COPY of the rows that a call of a model is in the ledger, by a thousand of them, and nothing
/// else: no price, no sum, no budget. Nothing writes rows faster.
public final class UsageCopy implements Driver {
  private static final int BATCH = 1_000;
  private static final String EVENT =
      "%s\t%s\t%s\t\\\\x%s\topenai\tgpt-4.1\t\t\t\tf\t%s\t%s\tREPORTED\tPRICED\t\t0.0054\tf\tf\t2\t%s\t%s%n";
  private static final String LINE =
      "%s\t%s\t%d\tCHARGE\tgpt-4.1\t%s\t%d\t%d\t1000000\t%s\t2026-01-01 00:00:00+00%n";

  private final Postgres postgres;
  private final String tenant = Ids.next();

  /// Writes for a tenant of its own.
  public UsageCopy(Postgres postgres) {
    this.postgres = postgres;
  }

  @Override
  public Done run(Duration time) {
    var begin = System.nanoTime();
    var count = 0L;
    try (var connection = postgres.connect()) {
      connection.setAutoCommit(false);
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      do {
        var events = new StringBuilder();
        var lines = new StringBuilder();
        var quantities = new StringBuilder();
        for (var n = 0; n < BATCH; n++) {
          rows(events, lines, quantities);
        }
        copy.copyIn(
            """
            copy agent_run.usage_event (tenant_id, event_id, idempotency_key, request_hash, provider, model, flavor, tier, region,
              batch, user_id, raw, usage_state, price_state, warnings, total, late, over_hold, line_count, occurred_at, recorded_at)
            from stdin""",
            new StringReader(events.toString()));
        copy.copyIn(
            """
            copy agent_run.usage_line (tenant_id, event_id, number, kind, model, unit, quantity, unit_price, per, cost, created_at)
            from stdin""",
            new StringReader(lines.toString()));
        copy.copyIn(
            """
            copy agent_run.usage_quantity (tenant_id, event_id, reading, model, unit, direction, quantity) from stdin""",
            new StringReader(quantities.toString()));
        connection.commit();
        count += BATCH;
      } while (System.nanoTime() - begin < time.toNanos());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return new Done(count, 0, Duration.ofNanos(System.nanoTime() - begin));
  }

  /// As ours are, so that the index grows at its end.
  private static String ordered() {
    var random = ThreadLocalRandom.current();
    var time = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
    return new UUID(time, random.nextLong() >>> 2 | Long.MIN_VALUE).toString();
  }

  private void rows(StringBuilder events, StringBuilder lines, StringBuilder quantities) {
    var id = ordered();
    var now = "2026-01-01 00:00:00+00";
    var raw = "{\"prompt_tokens\": 1500, \"completion_tokens\": 300, \"total_tokens\": 1800}";
    events.append(
        EVENT.formatted(
            tenant, id, Ids.next(), id.replace("-", "").repeat(2), tenant, raw, now, now));
    lines.append(LINE.formatted(tenant, id, 1, "input", 1500, 2, "0.003"));
    lines.append(LINE.formatted(tenant, id, 2, "output", 300, 8, "0.0024"));
    quantities.append("%s\t%s\t1\tgpt-4.1\tinput\tINPUT\t1500%n".formatted(tenant, id));
    quantities.append("%s\t%s\t1\tgpt-4.1\toutput\tOUTPUT\t300%n".formatted(tenant, id));
  }
}
