package dev.agentserver.settings;

import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import dev.agentserver.settings.flag.eval.FlagFollower;
import dev.agentserver.settings.flag.eval.Snapshots;
import dev.agentserver.settings.flag.flagd.FlagdV1Rpc;
import dev.agentserver.settings.flag.flagd.FlagdV2Rpc;
import dev.agentserver.settings.flag.manage.FlagManagement;
import dev.agentserver.settings.flag.manage.FlagRpc;
import dev.agentserver.settings.flag.manage.FlagScheduleRpc;
import dev.agentserver.settings.flag.manage.Trial;
import dev.agentserver.settings.flag.serve.ServedFlags;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Space;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The objects behind feature flags.
///
/// @param services what manages and evaluates flags by gRPC
/// @param served what every protocol serves
record FlagWiring(
    List<BindableService> services, ServedFlags served, FlagFollower follower, Periodic schedule)
    implements AutoCloseable {
  private static final Duration DUE = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

  /// @param bells by which processes tell each other of revisions
  static FlagWiring open(
      KitRuntime kit, Config config, Bells bells, Revocations refused, Clock clock) {
    var database = kit.database();
    var history =
        new History(
            Space.FLAG, (db, _, revision) -> bells.ring(db, Space.FLAG.anyTenant(), revision));
    var snapshots = new Snapshots(database, history);
    var management =
        FlagManagement.of(
            database, kit.writes(), kit.audit(), history, snapshots, kit.ids()::next, clock);
    var served =
        new ServedFlags(
            snapshots,
            refused,
            config.flags().environment(),
            KEEP_ALIVE,
            config.server().streamTokenGrace(),
            clock);
    return new FlagWiring(
        List.of(
            new FlagRpc(
                management.flags(), new Trial(snapshots, config.flags().environment(), clock)),
            new FlagScheduleRpc(management.schedules()),
            new FlagdV1Rpc(served),
            new FlagdV2Rpc(served)),
        served,
        FlagFollower.start(snapshots, bells),
        Periodic.start("flag-schedule", DUE, management.schedules()::makeDue));
  }

  /// flagd's protocol alone.
  List<BindableService> flagd() {
    return List.of(new FlagdV1Rpc(served), new FlagdV2Rpc(served));
  }

  @Override
  public void close() {
    schedule.close();
    follower.close();
  }
}
