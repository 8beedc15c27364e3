package dev.agentserver.kit.outbox;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.common.v1.OutboxServiceGrpc;
import dev.agentserver.common.v1.PullRequest;
import dev.agentserver.kit.grpc.ServicePeer;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Asks another service for its facts.
public final class OutboxPeerRpc implements FactSource {
  private static final int WAIT_SECONDS = 20;
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /// Beyond this a double leaves out whole numbers.
  private static final double EXACT = 1L << 53;

  private final ServicePeer peer;
  private final String consumer;

  /// @param consumer the name under which the facts are kept for this service
  public OutboxPeerRpc(ServicePeer peer, String consumer) {
    this.peer = peer;
    this.consumer = consumer;
  }

  @Override
  public List<PulledFact> after(long position) {
    var request =
        PullRequest.newBuilder()
            .setConsumer(consumer)
            .setAfter(position)
            .setWait(com.google.protobuf.Duration.newBuilder().setSeconds(WAIT_SECONDS))
            .build();
    try {
      return peer
          .ask(OutboxServiceGrpc::newBlockingStub, DEADLINE, outbox -> outbox.pull(request))
          .getFactsList()
          .stream()
          .map(OutboxPeerRpc::fact)
          .toList();
    } catch (StatusRuntimeException refused) {
      // Nothing else in the request can be wrong.
      throw refused.getStatus().getCode() == Code.INVALID_ARGUMENT
          ? new BeyondHead(refused)
          : refused;
    }
  }

  private static PulledFact fact(dev.agentserver.common.v1.Fact fact) {
    var at = fact.getCreatedAt();
    return new PulledFact(
        UUID.fromString(fact.getId()),
        fact.getPosition(),
        UUID.fromString(fact.getTenantId()),
        fact.getType(),
        fact.getSubjectId(),
        data(fact.getData()),
        Instant.ofEpochSecond(at.getSeconds(), at.getNanos()));
  }

  static Map<String, String> data(Struct struct) {
    return struct.getFieldsMap().entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> text(entry.getValue())));
  }

  private static String text(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case NUMBER_VALUE -> number(value.getNumberValue());
      case NULL_VALUE, KIND_NOT_SET, STRUCT_VALUE, LIST_VALUE -> "";
    };
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < EXACT
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
