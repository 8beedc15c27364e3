package dev.agentserver.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Calls that are repeated while nobody answers. Every request that goes this way names itself or
/// what it changes, so that a repetition does no harm.
final class Calls {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Set<Code> UNANSWERED = Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);
  private static final Set<String> BUSY = Set.of("OVERLOADED", "RATE_LIMITED");
  private static final Duration ONE_CALL = Duration.ofSeconds(15);
  private static final long FIRST_PAUSE = Duration.ofMillis(50).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(5).toNanos();

  private final Channel channel;
  private final RandomGenerator random;

  Calls(Channel channel, RandomGenerator random) {
    this.channel = channel;
    this.random = random;
  }

  /// @param credential an API key or a token
  /// @param patience how long to go on for
  <Q, R> R call(MethodDescriptor<Q, R> method, Q request, String credential, Duration patience) {
    var end = System.nanoTime() + patience.toNanos();
    for (var failures = 0; ; failures++) {
      var left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      try {
        return once(method, request, credential, left.compareTo(ONE_CALL) < 0 ? left : ONE_CALL);
      } catch (StatusRuntimeException failure) {
        if (!mayPass(failure) || System.nanoTime() >= end || !pause(failures)) {
          throw failure;
        }
      }
    }
  }

  /// The same without repeating it.
  <Q, R> R once(MethodDescriptor<Q, R> method, Q request, String credential, Duration limit) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + credential);
    var options = CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        method,
        options,
        request);
  }

  /// Waits for a random time, up to twice as long after every failure. False when it was
  /// interrupted.
  boolean pause(int failures) {
    var longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 20));
    try {
      Thread.sleep(Duration.ofNanos(random.nextLong(longest) + 1));
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean mayPass(StatusRuntimeException failure) {
    return UNANSWERED.contains(failure.getStatus().getCode()) || BUSY.contains(reason(failure));
  }

  /// Why a call failed, in the word of the contract; empty where none is given.
  static String reason(StatusRuntimeException failure) {
    var status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return "";
    }
    try {
      for (var detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
    } catch (InvalidProtocolBufferException damaged) {
      return "";
    }
    return "";
  }
}
