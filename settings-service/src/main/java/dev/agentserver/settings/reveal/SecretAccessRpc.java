package dev.agentserver.settings.reveal;

import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.credential.Opened;
import dev.agentserver.settings.credential.Owner;
import dev.agentserver.settings.text.ProtoText;
import dev.agentserver.settings.v1.RevealForRunRequest;
import dev.agentserver.settings.v1.RevealRequest;
import dev.agentserver.settings.v1.RevealResponse;
import dev.agentserver.settings.v1.SecretAccessServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// SecretAccessService: translation between the contract and [Reveals].
final class SecretAccessRpc implements BindableService {
  private final Reveals reveals;

  SecretAccessRpc(Reveals reveals) {
    this.reveals = reveals;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(SecretAccessServiceGrpc.getServiceDescriptor())
        .unary(SecretAccessServiceGrpc.getRevealMethod(), this::reveal)
        .unary(SecretAccessServiceGrpc.getRevealForRunMethod(), this::revealForRun)
        .build();
  }

  private RevealResponse reveal(RevealRequest request) {
    var owner =
        switch (request.getOwnerCase()) {
          case PROVIDER_ID -> provider(request.getProviderId());
          case INTEGRATION_ID -> integration(request.getIntegrationId());
          case OWNER_NOT_SET -> throw noOwner();
        };
    return reply(
        reveals.reveal(
            Callers.current(),
            SecretAccessServiceGrpc.getRevealMethod().getFullMethodName(),
            UUID.fromString(request.getTenantId()),
            owner,
            request.getField()));
  }

  private RevealResponse revealForRun(RevealForRunRequest request) {
    var owner =
        switch (request.getOwnerCase()) {
          case PROVIDER_ID -> provider(request.getProviderId());
          case INTEGRATION_ID -> integration(request.getIntegrationId());
          case OWNER_NOT_SET -> throw noOwner();
        };
    return reply(
        reveals.revealForRun(
            Callers.current(),
            SecretAccessServiceGrpc.getRevealForRunMethod().getFullMethodName(),
            owner,
            request.getField()));
  }

  private static Owner provider(String id) {
    return new Owner.Provider(UUID.fromString(id));
  }

  private static Owner integration(String id) {
    return new Owner.Integration(UUID.fromString(id));
  }

  private static RuntimeException noOwner() {
    return Problem.invalid("owner", "must be a provider or an integration");
  }

  private static RevealResponse reply(List<Opened> opened) {
    var reply = RevealResponse.newBuilder();
    for (var each : opened) {
      var secret =
          reply
              .addSecretsBuilder()
              .setField(each.credential().field())
              .setValue(each.value().value());
      if (each.credential().expiresAt() != null) {
        secret.setExpiresAt(ProtoText.timestamp(each.credential().expiresAt()));
      }
    }
    return reply.build();
  }
}
