package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.text.ProtoText.clean;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.configuration.Rollbacks.Target;
import dev.agentserver.settings.configuration.SettingFile.Format;
import dev.agentserver.settings.history.Revision.Kind;
import dev.agentserver.settings.history.Scheduled;
import dev.agentserver.settings.v1.ApplyChangesRequest;
import dev.agentserver.settings.v1.ApplyChangesResponse;
import dev.agentserver.settings.v1.CancelScheduledChangeRequest;
import dev.agentserver.settings.v1.ConfigFormat;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.ExportConfigRequest;
import dev.agentserver.settings.v1.ExportConfigResponse;
import dev.agentserver.settings.v1.ImportConfigRequest;
import dev.agentserver.settings.v1.ImportConfigResponse;
import dev.agentserver.settings.v1.ListScheduledChangesRequest;
import dev.agentserver.settings.v1.ListScheduledChangesResponse;
import dev.agentserver.settings.v1.RollbackConfigRequest;
import dev.agentserver.settings.v1.RollbackConfigResponse;
import dev.agentserver.settings.v1.ScheduleChangesRequest;
import dev.agentserver.settings.v1.ScheduledSettingChange;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// The part of ConfigurationService that changes something, now or later.
final class ChangeRpc {
  private static final int SCHEDULED = 20;

  private final Configuration configuration;
  private final Rollbacks rollbacks;
  private final Plans plans;
  private final Files files;

  ChangeRpc(Configuration configuration, Rollbacks rollbacks, Plans plans, Files files) {
    this.configuration = configuration;
    this.rollbacks = rollbacks;
    this.plans = plans;
    this.files = files;
  }

  Rpc addTo(Rpc rpc) {
    return rpc.unary(ConfigurationServiceGrpc.getApplyChangesMethod(), this::apply)
        .unary(ConfigurationServiceGrpc.getRollbackConfigMethod(), this::rollBack)
        .unary(ConfigurationServiceGrpc.getScheduleChangesMethod(), this::schedule)
        .unary(ConfigurationServiceGrpc.getListScheduledChangesMethod(), this::scheduled)
        .unary(ConfigurationServiceGrpc.getCancelScheduledChangeMethod(), this::cancel)
        .unary(ConfigurationServiceGrpc.getExportConfigMethod(), this::export)
        .unary(ConfigurationServiceGrpc.getImportConfigMethod(), this::read);
  }

  private ApplyChangesResponse apply(ApplyChangesRequest request) {
    Attempt<Applied> attempt =
        Attempts.of(
            ConfigurationServiceGrpc.getApplyChangesMethod(),
            request,
            ChangeRpc::applied,
            reply ->
                new Applied(
                    reply.getRevision(), HistoryProto.differences(reply.getDifferencesList())));
    var edit =
        new Edit(
            Kind.CHANGE,
            attempt.method(),
            request.hasBaseRevision() ? request.getBaseRevision() : null,
            clean(request.getReason()),
            request.getDryRun());
    var changes = SettingProto.changes(request.getChangesList());
    return applied(configuration.apply(Callers.current(), attempt, changes, edit));
  }

  private static ApplyChangesResponse applied(Applied applied) {
    return ApplyChangesResponse.newBuilder()
        .setRevision(applied.revision())
        .addAllDifferences(HistoryProto.differences(applied))
        .build();
  }

  private RollbackConfigResponse rollBack(RollbackConfigRequest request) {
    Attempt<Applied> attempt =
        Attempts.of(
            ConfigurationServiceGrpc.getRollbackConfigMethod(),
            request,
            ChangeRpc::rolledBack,
            reply ->
                new Applied(
                    reply.getRevision(),
                    HistoryProto.differences(reply.getDifferencesList()),
                    reply.getSkippedList().stream().map(HistoryProto::fromProto).toList(),
                    List.of()));
    var edit =
        new Edit(
            Kind.ROLLBACK,
            attempt.method(),
            request.hasBaseRevision() ? request.getBaseRevision() : null,
            clean(request.getReason()),
            request.getDryRun());
    var key = clean(request.getKey());
    return rolledBack(
        rollbacks.rollBack(
            Callers.current(), attempt, key.isEmpty() ? null : key, target(request), edit));
  }

  private static Target target(RollbackConfigRequest request) {
    if (request.hasToRevision() == request.hasToTime()) {
      throw Problem.invalid("to_revision", "or to_time must be given, and not both");
    }
    return request.hasToRevision()
        ? new Target.Revision(request.getToRevision())
        : new Target.Time(instant("to_time", request.getToTime()));
  }

  private static RollbackConfigResponse rolledBack(Applied applied) {
    return RollbackConfigResponse.newBuilder()
        .setRevision(applied.revision())
        .addAllDifferences(HistoryProto.differences(applied))
        .addAllSkipped(applied.skipped().stream().map(HistoryProto::toProto).toList())
        .build();
  }

  private ScheduledSettingChange schedule(ScheduleChangesRequest request) {
    Attempt<Scheduled> attempt =
        Attempts.of(
            ConfigurationServiceGrpc.getScheduleChangesMethod(),
            request,
            HistoryProto::toProto,
            HistoryProto::fromProto);
    return HistoryProto.toProto(
        plans.schedule(
            Callers.current(),
            attempt,
            SettingProto.changes(request.getChangesList()),
            instant("apply_at", request.getApplyAt()),
            clean(request.getReason())));
  }

  private ListScheduledChangesResponse scheduled(ListScheduledChangesRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            ConfigurationServiceGrpc.getListScheduledChangesMethod().getFullMethodName(),
            String.valueOf(request.getPending()));
    var after =
        scope
            .position(request.getPageToken(), position -> UUID.fromString(position.getFirst()))
            .orElse(null);
    var size = PageScope.size(request.getPageSize(), SCHEDULED, SCHEDULED);
    var page = plans.list(caller, request.getPending(), after, size);
    return ListScheduledChangesResponse.newBuilder()
        .addAllScheduledChanges(page.changes().stream().map(HistoryProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(List.of(page.next().toString())))
        .build();
  }

  private ScheduledSettingChange cancel(CancelScheduledChangeRequest request) {
    Attempt<Scheduled> attempt =
        Attempts.of(
            ConfigurationServiceGrpc.getCancelScheduledChangeMethod(),
            request,
            HistoryProto::toProto,
            HistoryProto::fromProto);
    var id = UUID.fromString(request.getId());
    return HistoryProto.toProto(plans.cancel(Callers.current(), attempt, id));
  }

  private ExportConfigResponse export(ExportConfigRequest request) {
    var exported =
        files.write(Callers.current(), format(request.getFormat()), request.getEnvironment());
    return ExportConfigResponse.newBuilder()
        .setContent(exported.content())
        .setRevision(exported.revision())
        .addAllWithheld(exported.withheld())
        .build();
  }

  private ImportConfigResponse read(ImportConfigRequest request) {
    Attempt<Applied> attempt =
        Attempts.of(
            ConfigurationServiceGrpc.getImportConfigMethod(),
            request,
            ChangeRpc::imported,
            reply ->
                new Applied(
                    reply.getRevision(),
                    HistoryProto.differences(reply.getDifferencesList()),
                    List.of(),
                    reply.getDefinedList()));
    var edit =
        new Edit(
            Kind.IMPORT,
            attempt.method(),
            request.hasBaseRevision() ? request.getBaseRevision() : null,
            clean(request.getReason()),
            request.getDryRun());
    return imported(
        files.read(
            Callers.current(),
            attempt,
            format(request.getFormat()),
            clean(request.getContent()),
            request.getEnvironment(),
            request.getDefineMissing(),
            edit));
  }

  private static ImportConfigResponse imported(Applied applied) {
    return ImportConfigResponse.newBuilder()
        .setRevision(applied.revision())
        .addAllDifferences(HistoryProto.differences(applied))
        .addAllDefined(applied.defined())
        .build();
  }

  private static Format format(ConfigFormat format) {
    return format == ConfigFormat.CONFIG_FORMAT_ENV ? Format.ENV : Format.JSON;
  }

  private static Instant instant(String field, Timestamp time) {
    if (!Timestamps.isValid(time)) {
      throw Problem.invalid(field, "is no time");
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
