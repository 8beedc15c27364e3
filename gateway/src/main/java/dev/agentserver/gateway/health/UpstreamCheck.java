package dev.agentserver.gateway.health;

import dev.agentserver.kit.observe.Health;
import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.util.concurrent.TimeUnit;

/// Asks a service whether it serves, by grpc.health.v1.
public record UpstreamCheck(Channel channel) implements Health.Check {
  private static final long PATIENCE_MILLIS = 1000;

  @Override
  public void run() {
    var answer =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            .check(HealthCheckRequest.getDefaultInstance());
    if (answer.getStatus() != ServingStatus.SERVING) {
      throw new IllegalStateException("it says " + answer.getStatus());
    }
  }
}
