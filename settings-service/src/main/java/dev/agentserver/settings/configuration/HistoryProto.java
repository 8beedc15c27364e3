package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.orEmpty;
import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.settings.configuration.Following.Frame;
import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Scheduled;
import dev.agentserver.settings.history.Scheduled.Planned;
import dev.agentserver.settings.v1.ConfigWatchEnd;
import dev.agentserver.settings.v1.ScheduledSettingChange;
import dev.agentserver.settings.v1.SettingChange;
import dev.agentserver.settings.v1.SettingDifference;
import dev.agentserver.settings.v1.SettingHistoryEntry;
import dev.agentserver.settings.v1.SkippedSetting;
import dev.agentserver.settings.v1.WatchConfigResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Translates what was changed, and what will be, to the contract's and back.
final class HistoryProto {
  private HistoryProto() {}

  static SettingDifference toProto(Difference difference) {
    var before = difference.before();
    var after = difference.after();
    var proto =
        SettingDifference.newBuilder()
            .setKey(difference.item().key())
            .setEnvironment(difference.item().environment())
            .setBeforeFingerprint(orEmpty(before.fingerprint()))
            .setAfterFingerprint(orEmpty(after.fingerprint()));
    if (before.text() != null) {
      proto.setBefore(before.text());
    }
    if (after.text() != null) {
      proto.setAfter(after.text());
    }
    return proto.build();
  }

  static List<SettingDifference> differences(Applied applied) {
    return applied.differences().stream().map(HistoryProto::toProto).toList();
  }

  /// The inverse, for replaying a stored reply.
  static List<Difference> differences(List<SettingDifference> protos) {
    return protos.stream()
        .map(
            proto ->
                new Difference(
                    new Item(proto.getKey(), proto.getEnvironment()),
                    new Content(
                        proto.hasBefore() ? proto.getBefore() : null,
                        orNull(proto.getBeforeFingerprint())),
                    new Content(
                        proto.hasAfter() ? proto.getAfter() : null,
                        orNull(proto.getAfterFingerprint()))))
        .toList();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static SkippedSetting toProto(Skipped skipped) {
    return SkippedSetting.newBuilder()
        .setKey(skipped.item().key())
        .setEnvironment(skipped.item().environment())
        .setReason(SkippedSetting.Reason.valueOf("REASON_" + skipped.reason().name()))
        .build();
  }

  /// The inverse, for replaying a stored reply.
  static Skipped fromProto(SkippedSetting proto) {
    return new Skipped(
        new Item(proto.getKey(), proto.getEnvironment()),
        Skipped.Reason.valueOf(proto.getReason().name().substring("REASON_".length())));
  }

  static SettingHistoryEntry toProto(Entry entry) {
    var revision = entry.revision();
    var proto =
        SettingHistoryEntry.newBuilder()
            .setRevision(revision.number())
            .setKey(entry.item().key())
            .setEnvironment(entry.item().environment())
            .setFingerprint(orEmpty(entry.content().fingerprint()))
            .setKind(SettingHistoryEntry.Kind.valueOf("KIND_" + revision.kind().name()))
            .setChangedBy(revision.changedBy().toString())
            .setReason(revision.reason())
            .setCreatedAt(timestamp(revision.createdAt()));
    if (entry.content().text() != null) {
      proto.setValue(entry.content().text());
    }
    return proto.build();
  }

  static ScheduledSettingChange toProto(Scheduled change) {
    return ScheduledSettingChange.newBuilder()
        .setId(change.id().toString())
        .setApplyAt(timestamp(change.applyAt()))
        .addAllChanges(change.items().stream().map(HistoryProto::toProto).toList())
        .setReason(change.reason())
        .setState(ScheduledSettingChange.State.valueOf("STATE_" + change.state().name()))
        .setRevision(change.revision())
        .setFailure(change.failure())
        .setScheduledBy(change.scheduledBy().toString())
        .setCreatedAt(timestamp(change.createdAt()))
        .build();
  }

  private static SettingChange toProto(Planned planned) {
    var proto =
        SettingChange.newBuilder()
            .setKey(planned.item().key())
            .setEnvironment(planned.item().environment());
    if (planned.text() != null) {
      proto.setValue(planned.text());
    }
    return proto.build();
  }

  /// The inverse, for replaying a stored reply.
  static Scheduled fromProto(ScheduledSettingChange proto) {
    var nobody = new UUID(0, 0);
    return new Scheduled(
        nobody,
        UUID.fromString(proto.getId()),
        instant(proto.getApplyAt()),
        proto.getReason(),
        Scheduled.State.valueOf(proto.getState().name().substring("STATE_".length())),
        proto.getRevision(),
        proto.getFailure(),
        UUID.fromString(proto.getScheduledBy()),
        "",
        instant(proto.getCreatedAt()),
        proto.getChangesList().stream()
            .map(
                change ->
                    new Planned(
                        new Item(change.getKey(), change.getEnvironment()),
                        change.hasValue() ? change.getValue() : null,
                        null))
            .toList());
  }

  static WatchConfigResponse toProto(Frame frame) {
    var proto =
        WatchConfigResponse.newBuilder()
            .setRevision(frame.revision())
            .addAllSettings(frame.settings().stream().map(SettingProto::toProto).toList())
            .addAllRemoved(frame.removed());
    if (frame.createdAt() != null) {
      proto.setCreatedAt(timestamp(frame.createdAt()));
    }
    if (frame.end() != null) {
      proto.setEnd(
          switch (frame.end()) {
            case TOKEN_EXPIRED -> ConfigWatchEnd.CONFIG_WATCH_END_TOKEN_EXPIRED;
            case REVOKED -> ConfigWatchEnd.CONFIG_WATCH_END_REVOKED;
          });
    }
    return proto.build();
  }
}
