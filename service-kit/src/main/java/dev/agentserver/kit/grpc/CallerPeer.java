package dev.agentserver.kit.grpc;

import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Another service as this one asks it for the caller at hand, with the caller's own token. It is
/// asked outside of transactions only.
public final class CallerPeer {
  private static final Logger LOG = LoggerFactory.getLogger(CallerPeer.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Channel channel;
  private final String service;
  private final Duration patience;

  /// @param service its name, for whoever is told that it does not answer
  /// @param patience how long an answer is waited for; never longer than the caller waits
  public CallerPeer(Channel channel, String service, Duration patience) {
    this.channel = channel;
    this.service = service;
    this.patience = patience;
  }

  /// Asks for something; empty where it is not there, or not for this caller. Fails with
  /// Unavailable where that is not said.
  public <S extends AbstractBlockingStub<S>, R> Optional<R> find(
      Function<Channel, S> stub, Function<S, R> question) {
    try {
      return Optional.of(ask(stub, question));
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      if (code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED) {
        return Optional.empty();
      }
      throw unavailable(refused);
    }
  }

  /// Asks one question; what is refused comes as it is.
  public <S extends AbstractBlockingStub<S>, R> R ask(
      Function<Channel, S> stub, Function<S, R> question) {
    return question.apply(
        stub.apply(channel).withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS));
  }

  /// What the caller is told of a refusal that answers no question.
  public RuntimeException unavailable(StatusRuntimeException refused) {
    LOG.warn("{} does not say what was asked: {}", service, refused.getStatus());
    return new Problem.Unavailable(service, RETRY).raise();
  }
}
