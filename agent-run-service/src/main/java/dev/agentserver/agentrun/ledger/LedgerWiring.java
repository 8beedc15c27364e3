package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.ledger.query.Costs;
import dev.agentserver.agentrun.ledger.query.UsageQueries;
import dev.agentserver.agentrun.ledger.query.Verification;
import dev.agentserver.agentrun.ledger.record.Recorder;
import dev.agentserver.agentrun.ledger.record.Spending;
import dev.agentserver.agentrun.ledger.record.Writer;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.session.Conversations;
import dev.agentserver.agentrun.usage.Normalizer;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;
import java.util.List;

/// The objects that keep the ledger.
public final class LedgerWiring implements AutoCloseable {
  /// Tables whose rows nobody may delete by themselves: they go with the events they belong to.
  public static final List<String> GO_ALONG = List.of("usage_line");

  private final Writer writer;
  private final List<BindableService> services;

  public LedgerWiring(
      KitRuntime kit,
      Conversations conversations,
      Normalizer normalizer,
      PriceBook prices,
      PageSizes pages,
      Metrics metrics,
      Clock clock) {
    var database = kit.database();
    writer = new Writer(database, metrics, Spending.NONE);
    var recorder =
        new Recorder(database, conversations, normalizer, prices, writer, kit.ids(), clock);
    services =
        List.of(
            new UsageRpc(
                recorder,
                new Costs(database, conversations),
                new UsageQueries(database),
                new Verification(database),
                pages));
  }

  public List<BindableService> services() {
    return services;
  }

  /// Writes what waits.
  @Override
  public void close() {
    writer.close();
  }
}
