package dev.agentserver.settings.flag.manage;

import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.settings.flag.manage.Planned.Action;
import dev.agentserver.settings.history.Scheduled;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagAction;
import dev.agentserver.settings.v1.ScheduledFlagChange;
import java.util.List;
import java.util.UUID;

/// Scheduled changes of flags in the contract and in the domain.
final class FlagScheduleProto {
  private static final UUID NOBODY = new UUID(0, 0);

  private FlagScheduleProto() {}

  static Planned planned(FlagAction action, Flag flag) {
    return new Planned(action(action), FlagProto.document(flag));
  }

  private static Action action(FlagAction action) {
    return switch (action) {
      case FLAG_ACTION_SET -> Action.SET;
      case FLAG_ACTION_KILL -> Action.KILL;
      case FLAG_ACTION_RESTORE -> Action.RESTORE;
      case FLAG_ACTION_DELETE -> Action.DELETE;
      case FLAG_ACTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("validation lets none of these pass: " + action);
    };
  }

  static ScheduledFlagChange toProto(Scheduled scheduled) {
    var planned = scheduled.items().getFirst();
    var change = Planned.parse(String.valueOf(planned.text()));
    return ScheduledFlagChange.newBuilder()
        .setId(scheduled.id().toString())
        .setAction(FlagAction.valueOf("FLAG_ACTION_" + change.action().name()))
        .setFlag(FlagProto.kept(planned.item(), change.document()))
        .setApplyAt(timestamp(scheduled.applyAt()))
        .setReason(scheduled.reason())
        .setState(ScheduledFlagChange.State.valueOf("STATE_" + scheduled.state().name()))
        .setRevision(scheduled.revision())
        .setFailure(scheduled.failure())
        .setScheduledBy(scheduled.scheduledBy().toString())
        .setCreatedAt(timestamp(scheduled.createdAt()))
        .build();
  }

  /// A reply of before. The tenant and the credential are not part of it.
  static Scheduled fromProto(ScheduledFlagChange change) {
    return new Scheduled(
        NOBODY,
        UUID.fromString(change.getId()),
        instant(change.getApplyAt()),
        change.getReason(),
        Scheduled.State.valueOf(change.getState().name().substring("STATE_".length())),
        change.getRevision(),
        change.getFailure(),
        UUID.fromString(change.getScheduledBy()),
        "",
        instant(change.getCreatedAt()),
        List.of(
            new Scheduled.Planned(
                FlagProto.item(change.getFlag()),
                planned(change.getAction(), change.getFlag()).print(),
                null)));
  }
}
