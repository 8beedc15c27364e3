package dev.agentserver.commandline.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Waits as long as the server asks for, all threads alike; and for a server that is away, until it
/// has been away for too long. What is called must be safe to call again.
public final class Patience {
  private static final Duration AWAY = Duration.ofMinutes(5);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final AtomicLong notBefore = new AtomicLong(System.nanoTime());

  /// What the call answers, once it does.
  public <T> T call(Supplier<T> call) {
    var start = System.nanoTime();
    for (var next = FIRST;
        ;
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST) {
      awaitTurn();
      try {
        return call.get();
      } catch (StatusRuntimeException failure) {
        var asked = asked(failure);
        if (asked.isPresent()) {
          postpone(asked.get());
        } else if (away(failure) && System.nanoTime() - start < AWAY.toNanos()) {
          sleep(next);
        } else {
          throw failure;
        }
      }
    }
  }

  /// What a refusal is called, for example `ALREADY_EXISTS`, with what the server says of it.
  public static String said(StatusRuntimeException failure) {
    return failure.getStatus().getCode() + ": " + failure.getStatus().getDescription();
  }

  /// Whether the call failed for that reason.
  public static boolean is(StatusRuntimeException failure, Status.Code code) {
    return failure.getStatus().getCode() == code;
  }

  private static boolean away(StatusRuntimeException failure) {
    return switch (failure.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  /// How long the server asks callers to stay away.
  private static Optional<Duration> asked(StatusRuntimeException failure) {
    if (!is(failure, Status.Code.RESOURCE_EXHAUSTED)) {
      return Optional.empty();
    }
    var status = StatusProto.fromThrowable(failure);
    return status == null
        ? Optional.empty()
        : status.getDetailsList().stream()
            .filter(detail -> detail.is(RetryInfo.class))
            .findFirst()
            .map(
                detail -> {
                  try {
                    var delay = detail.unpack(RetryInfo.class).getRetryDelay();
                    return Duration.ofMillis(Math.max(1, Durations.toMillis(delay)));
                  } catch (InvalidProtocolBufferException e) {
                    return FIRST;
                  }
                });
  }

  private void postpone(Duration delay) {
    var until = System.nanoTime() + delay.toNanos();
    notBefore.accumulateAndGet(until, (a, b) -> a - b > 0 ? a : b);
  }

  private void awaitTurn() {
    for (var wait = notBefore.get() - System.nanoTime(); wait > 0; ) {
      sleep(Duration.ofNanos(wait));
      wait = notBefore.get() - System.nanoTime();
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }
}
