package dev.agentserver.settings.revocation;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.settings.v1.PullRevocationsRequest;
import dev.agentserver.settings.v1.PullRevocationsResponse;
import dev.agentserver.settings.v1.Revocation.Kind;
import dev.agentserver.settings.v1.RevocationServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;

/// Serves revocations to the other processes.
public final class RevocationRpc implements BindableService {
  private static final int PAGE = 1_000;

  private final Revocations revocations;

  public RevocationRpc(Revocations revocations) {
    this.revocations = revocations;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RevocationServiceGrpc.getServiceDescriptor())
        .unary(RevocationServiceGrpc.getPullRevocationsMethod(), this::pull)
        .build();
  }

  private PullRevocationsResponse pull(PullRevocationsRequest request) {
    var wait = Duration.ofSeconds(request.getWait().getSeconds(), request.getWait().getNanos());
    var size = PageScope.size(request.getPageSize(), PAGE, PAGE);
    var found = revocations.pull(request.getAfter(), wait, size);
    return PullRevocationsResponse.newBuilder()
        .addAllRevocations(found.stream().map(RevocationRpc::toProto).toList())
        .setPosition(found.isEmpty() ? request.getAfter() : found.getLast().position())
        .build();
  }

  private static dev.agentserver.settings.v1.Revocation toProto(Revocation revocation) {
    var at = revocation.revokedAt();
    return dev.agentserver.settings.v1.Revocation.newBuilder()
        .setPosition(revocation.position())
        .setKind(Kind.valueOf("KIND_" + revocation.kind().name()))
        .setSubject(revocation.subject())
        .setRevokedAt(Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
        .build();
  }
}
