package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.history.Scheduled;
import dev.agentserver.settings.text.ProtoText;
import dev.agentserver.settings.v1.CancelScheduledFlagChangeRequest;
import dev.agentserver.settings.v1.FlagScheduleServiceGrpc;
import dev.agentserver.settings.v1.ListScheduledFlagChangesRequest;
import dev.agentserver.settings.v1.ListScheduledFlagChangesResponse;
import dev.agentserver.settings.v1.ScheduleFlagChangeRequest;
import dev.agentserver.settings.v1.ScheduledFlagChange;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// FlagScheduleService: translation between the contract and [FlagSchedules].
public final class FlagScheduleRpc implements BindableService {
  private static final int PAGE = 20;

  private final FlagSchedules schedules;

  public FlagScheduleRpc(FlagSchedules schedules) {
    this.schedules = schedules;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FlagScheduleServiceGrpc.getServiceDescriptor())
        .unary(FlagScheduleServiceGrpc.getScheduleFlagChangeMethod(), this::add)
        .unary(FlagScheduleServiceGrpc.getListScheduledFlagChangesMethod(), this::list)
        .unary(FlagScheduleServiceGrpc.getCancelScheduledFlagChangeMethod(), this::cancel)
        .build();
  }

  private ScheduledFlagChange add(ScheduleFlagChangeRequest request) {
    Attempt<Scheduled> attempt =
        Attempts.of(
            FlagScheduleServiceGrpc.getScheduleFlagChangeMethod(),
            request,
            FlagScheduleProto::toProto,
            FlagScheduleProto::fromProto);
    var scheduled =
        schedules.add(
            Callers.current(),
            attempt,
            FlagProto.item(request.getFlag()),
            FlagScheduleProto.planned(request.getAction(), request.getFlag()),
            ProtoText.instant(request.getApplyAt()),
            request.getReason());
    return FlagScheduleProto.toProto(scheduled);
  }

  private ListScheduledFlagChangesResponse list(ListScheduledFlagChangesRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            FlagScheduleServiceGrpc.getListScheduledFlagChangesMethod().getFullMethodName(),
            Boolean.toString(request.getPending()));
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = PageScope.size(request.getPageSize(), PAGE, PAGE);
    var found = schedules.list(caller, request.getPending(), after, size + 1);
    var page = ListScheduledFlagChangesResponse.newBuilder();
    found.stream()
        .limit(size)
        .forEach(each -> page.addScheduledChanges(FlagScheduleProto.toProto(each)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).id().toString())));
    }
    return page.build();
  }

  private ScheduledFlagChange cancel(CancelScheduledFlagChangeRequest request) {
    Attempt<Scheduled> attempt =
        Attempts.of(
            FlagScheduleServiceGrpc.getCancelScheduledFlagChangeMethod(),
            request,
            FlagScheduleProto::toProto,
            FlagScheduleProto::fromProto);
    var id = UUID.fromString(request.getId());
    return FlagScheduleProto.toProto(schedules.cancel(Callers.current(), attempt, id));
  }
}
