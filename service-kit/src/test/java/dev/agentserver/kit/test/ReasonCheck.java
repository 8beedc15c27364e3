package dev.agentserver.kit.test;

import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Fails a test in which any reply that is not OK lacks an ErrorInfo. What the client ends by
/// itself, a call it cancels or whose deadline it sees pass, has no reply.
public final class ReasonCheck implements ClientInterceptor {
  private final List<String> offences = new CopyOnWriteArrayList<>();

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                if (!explained(status, trailers)) {
                  offences.add(
                      method.getFullMethodName() + " answered " + status + " without ErrorInfo");
                }
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  private static boolean explained(Status status, Metadata trailers) {
    return switch (status.getCode()) {
      case OK, CANCELLED, DEADLINE_EXCEEDED -> true;
      default ->
          StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList().stream()
              .anyMatch(detail -> detail.is(ErrorInfo.class));
    };
  }

  /// Fails with what was found since the last time.
  public void verify() {
    var found = List.copyOf(offences);
    offences.clear();
    if (!found.isEmpty()) {
      throw new AssertionError(String.join("\n", found));
    }
  }
}
