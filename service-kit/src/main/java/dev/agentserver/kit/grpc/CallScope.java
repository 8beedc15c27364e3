package dev.agentserver.kit.grpc;

import dev.agentserver.kit.identity.Caller;
import io.grpc.Context;
import io.grpc.Metadata;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What belongs to one call on its way through the server.
final class CallScope {
  static final Context.Key<CallScope> KEY = Context.key("call-scope");

  private final String requestId;
  private final Forwarded forwarded;
  private final int maxMessageBytes;
  private final Duration stall;
  private final Drain drain;
  private final Metadata replyHeaders = new Metadata();
  private volatile @Nullable Caller caller;

  CallScope(
      String requestId, Forwarded forwarded, int maxMessageBytes, Duration stall, Drain drain) {
    this.requestId = requestId;
    this.forwarded = forwarded;
    this.maxMessageBytes = maxMessageBytes;
    this.stall = stall;
    this.drain = drain;
  }

  static CallScope current() {
    var scope = KEY.get();
    if (scope == null) {
      throw new IllegalStateException("handlers made by Rpc are served by GrpcServer only");
    }
    return scope;
  }

  String requestId() {
    return requestId;
  }

  Forwarded forwarded() {
    return forwarded;
  }

  int maxMessageBytes() {
    return maxMessageBytes;
  }

  /// How long a client that owes a message may send nothing.
  Duration stall() {
    return stall;
  }

  Drain drain() {
    return drain;
  }

  /// What a stream's reply begins with.
  Metadata replyHeaders() {
    return replyHeaders;
  }

  /// The caller as far as it is known yet.
  @Nullable Caller caller() {
    return caller;
  }

  void caller(Caller known) {
    this.caller = known;
  }
}
