package dev.agentserver.kit.outbox;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.common.v1.OutboxServiceGrpc;
import dev.agentserver.common.v1.PullRequest;
import dev.agentserver.common.v1.PullResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;

/// Serves the outbox to other services.
public final class OutboxRpc implements BindableService {
  private static final int PAGE = 100;
  private static final int MAX_PAGE = 1_000;

  private final Outbox outbox;

  public OutboxRpc(Outbox outbox) {
    this.outbox = outbox;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(OutboxServiceGrpc.getServiceDescriptor())
        .unary(OutboxServiceGrpc.getPullMethod(), this::pull)
        .build();
  }

  private PullResponse pull(PullRequest request) {
    var wait = Duration.ofSeconds(request.getWait().getSeconds(), request.getWait().getNanos());
    var size = PageScope.size(request.getPageSize(), PAGE, MAX_PAGE);
    var response = PullResponse.newBuilder();
    outbox.pull(request.getConsumer(), request.getAfter(), wait, size).stream()
        .map(OutboxRpc::toProto)
        .forEach(response::addFacts);
    return response.build();
  }

  private static dev.agentserver.common.v1.Fact toProto(Fact fact) {
    var at = fact.createdAt().toInstant();
    return dev.agentserver.common.v1.Fact.newBuilder()
        .setId(fact.id().toString())
        .setPosition(fact.position())
        .setTenantId(fact.tenantId().toString())
        .setType(fact.type())
        .setSubjectId(fact.subjectId())
        .setData(struct(fact.data()))
        .setCreatedAt(Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
        .build();
  }

  static Struct struct(String json) {
    try {
      var struct = Struct.newBuilder();
      JsonFormat.parser().merge(json, struct);
      return struct.build();
    } catch (InvalidProtocolBufferException failure) {
      throw new IllegalStateException("PostgreSQL wrote JSON that cannot be read", failure);
    }
  }
}
