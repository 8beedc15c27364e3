package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpHeaders;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.fault.Fault;
import io.grpc.CallOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a client will wait: `grpc-timeout: 500m`, or, as browsers may also send it,
/// `X-Server-Timeout: 2.5` in seconds.
public final class Deadlines {
  private static final Pattern GRPC = Pattern.compile("(\\d{1,8})([HMSmun])");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}(\\.\\d{1,9})?");
  private static final long NANOS = 1_000_000_000L;

  private Deadlines() {}

  /// @param patience what a call gets that asks for nothing
  public static CallOptions options(HttpHeaders headers, Method method, Patience patience) {
    return of(headers, method, patience)
        .map(time -> CallOptions.DEFAULT.withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS))
        .orElse(CallOptions.DEFAULT);
  }

  /// How long a call may take; empty where it has no end.
  public static Optional<Duration> of(HttpHeaders headers, Method method, Patience patience) {
    return Optional.ofNullable(asked(headers))
        .map(asked -> patience.with(method, asked))
        .or(() -> patience.with(method));
  }

  private static @Nullable Duration asked(HttpHeaders headers) {
    var grpc = headers.get("grpc-timeout");
    if (grpc != null) {
      return grpcTimeout(grpc);
    }
    var seconds = headers.get("x-server-timeout");
    if (seconds == null) {
      return null;
    }
    if (!SECONDS.matcher(seconds).matches()) {
      throw Fault.invalid("X-Server-Timeout", "is not a number of seconds, for example 2.5");
    }
    return Duration.ofNanos((long) (Double.parseDouble(seconds) * NANOS));
  }

  private static Duration grpcTimeout(String text) {
    var form = GRPC.matcher(text);
    if (!form.matches()) {
      throw Fault.invalid("grpc-timeout", "is not a gRPC timeout, for example 500m");
    }
    long amount = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "H" -> Duration.ofHours(amount);
      case "M" -> Duration.ofMinutes(amount);
      case "S" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMillis(amount);
      case "u" -> Duration.of(amount, ChronoUnit.MICROS);
      case String _ -> Duration.ofNanos(amount);
    };
  }
}
