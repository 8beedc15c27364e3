package dev.agentserver.gateway.test;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Remembers what came last: metadata, deadline, messages.
public final class Recorder implements ServerInterceptor {
  private final AtomicReference<@Nullable Metadata> metadata = new AtomicReference<>();
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private volatile long millisLeft = -1;

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!call.getMethodDescriptor().getFullMethodName().startsWith("grpc.")) {
      metadata.set(headers);
      messages.clear();
      var deadline = Context.current().getDeadline();
      millisLeft = deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS);
    }
    return Contexts.interceptCall(Context.current(), call, headers, next);
  }

  void received(Message request) {
    messages.add(request);
  }

  public Message message() {
    return messages.getLast();
  }

  /// Those of the last call.
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /// How long the call could still take when it came; -1 without a deadline.
  public long millisLeft() {
    return millisLeft;
  }

  public Metadata metadata() {
    return Objects.requireNonNull(metadata.get(), "no call has come");
  }

  public @Nullable String header(String name) {
    return metadata().get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
