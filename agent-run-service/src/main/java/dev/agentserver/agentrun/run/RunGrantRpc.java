package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.v1.GetRunGrantRequest;
import dev.agentserver.agentrun.v1.RunGrant;
import dev.agentserver.agentrun.v1.RunGrantServiceGrpc;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// RunGrantService: translation between the contract and [Grants].
final class RunGrantRpc implements BindableService {
  private final Grants grants;

  RunGrantRpc(Grants grants) {
    this.grants = grants;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RunGrantServiceGrpc.getServiceDescriptor())
        .unary(RunGrantServiceGrpc.getGetRunGrantMethod(), this::get)
        .build();
  }

  private RunGrant get(GetRunGrantRequest request) {
    var grant =
        grants.of(
            UUID.fromString(request.getTenantId()),
            UUID.fromString(request.getRunId()),
            request.getLeaseEpoch());
    return RunGrant.newBuilder()
        .setUserId(grant.userId().toString())
        .addAllProviderNames(grant.providers())
        .addAllIntegrationIds(grant.integrationIds().stream().map(UUID::toString).toList())
        .addAllToolIds(grant.toolIds().stream().map(UUID::toString).toList())
        .build();
  }
}
