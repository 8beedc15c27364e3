package dev.agentserver.agentrun.dashboard;

import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.text.TimeProto;
import dev.agentserver.agentrun.v1.Dashboard;
import dev.agentserver.agentrun.v1.DashboardServiceGrpc;
import dev.agentserver.agentrun.v1.GetDashboardRequest;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/// DashboardService: translation between the contract and [Dashboards].
final class DashboardRpc implements BindableService {
  private static final int DAYS = 30;

  private final Dashboards dashboards;

  DashboardRpc(Dashboards dashboards) {
    this.dashboards = dashboards;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(DashboardServiceGrpc.getServiceDescriptor())
        .unary(DashboardServiceGrpc.getGetDashboardMethod(), this::get)
        .build();
  }

  private Dashboard get(GetDashboardRequest request) {
    var days = request.getDays() == 0 ? DAYS : request.getDays();
    var zone = TimeProto.zone(request.getTimeZone());
    return DashboardProto.toProto(
        dashboards.view(Callers.current(), days, zone, uuidOrNull(request.getUserId())));
  }
}
