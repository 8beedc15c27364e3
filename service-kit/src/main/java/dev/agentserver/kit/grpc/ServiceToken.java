package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.identity.IssuedToken;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.AbstractStub;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this process proves itself with in background work, which has no caller: a service
/// principal's token, which carries no tenant and may call internal methods only. It is fetched
/// when it is first needed, so the order in which processes start is free, and renewed in time.
public final class ServiceToken {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceToken.class);
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final Supplier<IssuedToken> source;
  private final Clock clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable IssuedToken token;

  /// @param source fetches a token
  public ServiceToken(Supplier<IssuedToken> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /// Empty without a credential, which is said once: the process then serves, but learns nothing
  /// from the others.
  public static Optional<ServiceToken> of(
      AccessPeer access, Optional<Secret> credential, Clock clock) {
    if (credential.isEmpty()) {
      LOG.warn(
          "SERVICE_CREDENTIAL is not set: revoked tokens are refused only once they expire, and facts of other services are not heard");
    }
    return credential.map(secret -> new ServiceToken(() -> access.exchangeService(secret), clock));
  }

  /// The stub as this service calls it. Calls fail with Unavailable while there is no token to be
  /// had.
  public <S extends AbstractStub<S>> S on(S stub) {
    return stub.withInterceptors(new Bearer());
  }

  /// Forgets the token: it was refused, and the next call gets another.
  public void drop() {
    token = null;
  }

  private String get() {
    var current = token;
    if (isGood(current)) {
      return current.jwt();
    }
    fetching.lock();
    try {
      current = token;
      if (!isGood(current)) {
        current = source.get();
        token = current;
      }
      return current.jwt();
    } finally {
      fetching.unlock();
    }
  }

  private boolean isGood(@Nullable IssuedToken current) {
    return current != null && clock.instant().isBefore(current.expiresAt().minus(MARGIN));
  }

  private final class Bearer implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      var bearer = "Bearer " + get();
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          headers.put(Callers.AUTHORIZATION, bearer);
          super.start(listener, headers);
        }
      };
    }
  }
}
