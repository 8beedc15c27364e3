package dev.agentserver.kit.grpc;

import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Another service as this one calls it in background work: for itself, with its own token.
public final class ServicePeer {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Channel channel;
  private final ServiceToken token;

  public ServicePeer(Channel channel, ServiceToken token) {
    this.channel = channel;
    this.token = token;
  }

  /// Asks one question. A refusal for what was asked comes as it is, so that it can be acted on;
  /// everything else is Unavailable: it may be better the next time.
  public <S extends AbstractBlockingStub<S>, R> R ask(
      Function<Channel, S> stub, Duration timeout, Function<S, R> question) {
    var before = Context.ROOT.attach();
    try {
      return question.apply(
          token.on(stub.apply(channel)).withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (StatusRuntimeException failed) {
      var code = failed.getStatus().getCode();
      if (code == Code.INVALID_ARGUMENT
          || code == Code.NOT_FOUND
          || code == Code.FAILED_PRECONDITION) {
        throw failed;
      }
      if (code == Code.UNAUTHENTICATED) {
        token.drop();
      }
      throw new Problem.Unavailable(failed.getStatus().toString(), RETRY).raise();
    } finally {
      Context.ROOT.detach(before);
    }
  }
}
