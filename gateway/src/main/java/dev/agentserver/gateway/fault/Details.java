package dev.agentserver.gateway.fault;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.time.Duration;
import java.util.Optional;

/// Reads the details of a status.
public final class Details {
  private Details() {}

  public static Optional<ErrorInfo> errorInfo(Status status) {
    return find(status, ErrorInfo.class);
  }

  /// The reason of the registry; empty without one.
  public static String reason(Status status) {
    return errorInfo(status).map(ErrorInfo::getReason).orElse("");
  }

  /// How long to wait before another attempt.
  public static Optional<Duration> retryDelay(Status status) {
    return find(status, RetryInfo.class)
        .map(RetryInfo::getRetryDelay)
        .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
  }

  private static <M extends Message> Optional<M> find(Status status, Class<M> type) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        try {
          return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException damaged) {
          // A detail that cannot be read says nothing; the code and the message still stand.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
