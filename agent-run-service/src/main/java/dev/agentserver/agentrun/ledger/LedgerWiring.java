package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.ledger.budget.BudgetWiring;
import dev.agentserver.agentrun.ledger.budget.Budgets;
import dev.agentserver.agentrun.ledger.query.Costs;
import dev.agentserver.agentrun.ledger.query.UsageQueries;
import dev.agentserver.agentrun.ledger.query.Verification;
import dev.agentserver.agentrun.ledger.record.Corrector;
import dev.agentserver.agentrun.ledger.record.MessageUsages;
import dev.agentserver.agentrun.ledger.record.Purposes;
import dev.agentserver.agentrun.ledger.record.Recorder;
import dev.agentserver.agentrun.ledger.record.Repricer;
import dev.agentserver.agentrun.ledger.record.StepUsages;
import dev.agentserver.agentrun.ledger.record.Writer;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.run.RunPauses;
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
  private final BudgetWiring budgets;
  private final Repricer repricer;
  private final StepUsages steps;
  private final MessageUsages messages;
  private final List<BindableService> services;

  public LedgerWiring(
      KitRuntime kit,
      Conversations conversations,
      Normalizer normalizer,
      PriceBook prices,
      RunPauses pauses,
      PageSizes pages,
      Metrics metrics,
      Clock clock) {
    var database = kit.database();
    var purposes = new Purposes(database, conversations);
    budgets = BudgetWiring.open(kit, purposes, pauses, pages, clock);
    writer = new Writer(database, metrics, budgets.spending());
    var recorder = new Recorder(purposes, normalizer, prices, writer, kit.ids(), clock);
    steps = new StepUsages(recorder);
    messages = new MessageUsages(purposes, recorder);
    repricer = new Repricer(database, prices, budgets.spending(), clock);
    services =
        List.of(
            new UsageRpc(
                recorder,
                repricer,
                new Corrector(
                    database,
                    kit.writes(),
                    kit.audit(),
                    normalizer,
                    prices,
                    budgets.spending(),
                    clock),
                new Costs(database, conversations),
                new UsageQueries(database),
                new Verification(database),
                pages),
            budgets.service());
  }

  public List<BindableService> services() {
    return services;
  }

  public Budgets budgets() {
    return budgets.budgets();
  }

  /// Takes what steps used.
  public StepUsages steps() {
    return steps;
  }

  /// Takes what messages used.
  public MessageUsages messages() {
    return messages;
  }

  /// Gives back what was reserved and forgotten, and lets runs go on whose budgets begin anew.
  public int sweep() {
    return budgets.sweep();
  }

  /// Prices what had no price when it was used; returns how many events.
  public int price() {
    return repricer.sweep();
  }

  /// Writes what waits.
  @Override
  public void close() {
    writer.close();
  }
}
