package dev.agentserver.e2e.ledger;

import dev.agentserver.e2e.client.Failure;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Calls again until there is a clear answer.
final class Patience {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Patience() {}

  /// @param renew for when the credential is old
  static <T> T until(Supplier<T> call, Runnable renew) {
    var start = System.nanoTime();
    while (true) {
      try {
        return call.get();
      } catch (StatusRuntimeException failure) {
        if (!isPassing(failure) || System.nanoTime() - start > LIMIT.toNanos()) {
          throw failure;
        }
        if (failure.getStatus().getCode() == Code.UNAUTHENTICATED) {
          renew.run();
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static boolean isPassing(StatusRuntimeException failure) {
    return switch (failure.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, UNAUTHENTICATED -> true;
      case RESOURCE_EXHAUSTED -> !isSpent(failure);
      default -> false;
    };
  }

  static boolean isSpent(StatusRuntimeException failure) {
    return failure.getStatus().getCode() == Code.RESOURCE_EXHAUSTED
        && Failure.of(failure).reason().equals("BUDGET_EXCEEDED");
  }
}
