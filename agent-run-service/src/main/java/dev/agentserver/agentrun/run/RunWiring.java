package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/// The objects that begin, hand out and end runs.
public final class RunWiring implements AutoCloseable {
  private final RunBells bells = new RunBells();
  private final Sweeper sweeper;
  private final ConversationRuns ofConversations;
  private final OpenRuns open;
  private final RunPauses pauses;
  private final Function<StepUsage, List<BindableService>> services;

  /// @param standing whether those who have a stream may go on
  /// @param offset how far the database's time is off; nothing, but in tests
  public RunWiring(
      KitRuntime kit,
      Tokens tokens,
      Tools tools,
      Standing standing,
      Sessions sessions,
      ConversationLinks conversations,
      RunFeed feed,
      PageSizes pages,
      RunLimits limits,
      Supplier<Duration> offset) {
    var database = kit.database();
    var clock = new RunClock(offset);
    var store = new RunStore(clock);
    var leaseStore = new LeaseStore(clock);
    var catalogue = new CatalogueStore();
    var lifecycle =
        new Lifecycle(
            store,
            sessions,
            feed,
            bells,
            kit.outbox(),
            limits,
            () -> ThreadLocalRandom.current().nextLong());
    var leases = new Leases(database, store, leaseStore, lifecycle, tokens, tools, bells, limits);
    var runs =
        new Runs(
            database,
            kit.writes(),
            kit.ids(),
            store,
            new RunListStore(clock),
            leaseStore,
            lifecycle,
            catalogue,
            sessions,
            conversations,
            bells,
            limits);
    var interrupts =
        new Interrupts(
            database,
            kit.writes(),
            kit.ids(),
            store,
            runs,
            new InterruptStore(clock),
            lifecycle,
            feed,
            limits);
    Function<StepUsage, Steps> steps =
        usage ->
            new Steps(
                database, leases, interrupts, catalogue, feed, runs, new StepStore(clock), usage);
    var controls =
        new Controls(database, kit.writes(), store, runs, leases, new InputStore(clock), lifecycle);
    var openRuns = new OpenRunStore(clock);
    ofConversations = new ConversationRuns(store, openRuns, lifecycle);
    open = new OpenRuns(store, openRuns, lifecycle);
    pauses = new RunPauses(store, lifecycle, feed);
    sweeper = new Sweeper(database, store, new DueStore(clock), lifecycle);
    var streams = new WorkStreams(leases, bells, limits, standing);
    var grants = new Grants(database, store, catalogue);
    services =
        steps.andThen(
            made ->
                List.of(
                    new RunRpc(runs, controls, made, interrupts, leases, pages),
                    new WorkerRpc(kit.writes(), leases, made, interrupts, controls, streams),
                    new RunGrantRpc(grants)));
  }

  /// @param usage keeps what steps used; it is made after the runs, which its budgets pause
  public List<BindableService> services(StepUsage usage) {
    return services.apply(usage);
  }

  /// Ends the runs whose answers nobody wants any more.
  public ConversationRuns ofConversations() {
    return ofConversations;
  }

  /// Ends the runs of sessions that end.
  public OpenRuns open() {
    return open;
  }

  /// Has runs wait for budgets.
  public RunPauses pauses() {
    return pauses;
  }

  /// Looks after the runs whose time it is, and returns how many there were.
  public int sweep() {
    return sweeper.sweep();
  }

  /// Ends what waits.
  @Override
  public void close() {
    bells.close();
  }
}
