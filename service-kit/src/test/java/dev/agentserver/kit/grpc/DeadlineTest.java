package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import io.grpc.Context;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineTest extends EchoTest {
  private final CountDownLatch never = new CountDownLatch(1);
  private final CompletableFuture<Long> remaining = new CompletableFuture<>();

  @Override
  ServerConfig config() {
    var settings = Map.of("PORT", "0", "DEFAULT_DEADLINE", "1s", "MAX_DEADLINE", "2s");
    return ServerConfig.from(Environment.of(settings), "test", 0);
  }

  @Test
  void aCallWithoutADeadlineGetsTheDefault() {
    var took = refusedAfter(() -> as(alice).echo(say("x")));
    assertThat(took).isGreaterThan(Duration.ofMillis(990));
    assertThat(remaining.join()).isBetween(0L, 1000L);
  }

  @Test
  void aDeadlineBeyondTheMostIsCut() {
    var took = refusedAfter(() -> as(alice).withDeadlineAfter(1, TimeUnit.HOURS).echo(say("x")));
    assertThat(took).isGreaterThan(Duration.ofMillis(1990));
    assertThat(remaining.join()).isBetween(0L, 2000L);
  }

  @Test
  void aShorterDeadlineIsTheClients() {
    wait(never);
    var failure =
        failure(() -> as(alice).withDeadlineAfter(800, TimeUnit.MILLISECONDS).echo(say("x")));
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(remaining.join()).isBetween(0L, 800L);
  }

  @Test
  void aStreamHasNoDeadlineButTheClients() {
    echo.count =
        (_, sender) -> {
          var deadline = Context.current().getDeadline();
          sender.send(Echo.reply(deadline == null ? "none" : "some", 0));
        };
    assertThat(as(alice).count(say("x")).next().getText()).isEqualTo("none");
  }

  /// It may be an upload of hours.
  @Test
  void aStreamFromTheClientHasNoDeadlineButTheClients() {
    echo.collect =
        receiver -> {
          receiver.next();
          return Echo.reply(Context.current().getDeadline() == null ? "none" : "some", 0);
        };
    var reply = new RpcTest.Reply();
    var requests = async().collect(reply);
    requests.onNext(say("x"));
    requests.onCompleted();
    assertThat(reply.future.join().getText()).isEqualTo("none");
  }

  @Test
  void aCallThatEndsInTimeLeavesNoTimerThatCancelsIt() {
    var context = new CompletableFuture<Context>();
    echo.unary =
        request -> {
          context.complete(Context.current());
          return Echo.reply(request.getText(), 0);
        };
    assertThat(as(alice).echo(say("x")).getText()).isEqualTo("x");
    dev.agentserver.kit.test.Await.until(
        "the context is released", () -> context.join().isCancelled());
    assertThat(context.join().cancellationCause()).isNull();
  }

  private Duration refusedAfter(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    wait(never);
    var before = System.nanoTime();
    assertRefused(call, Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
    return Duration.ofNanos(System.nanoTime() - before);
  }

  private void wait(CountDownLatch latch) {
    echo.unary =
        request -> {
          var deadline = Context.current().getDeadline();
          remaining.complete(deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
          try {
            latch.await();
          } catch (InterruptedException stopped) {
            throw new IllegalStateException("interrupted", stopped);
          }
          return Echo.reply(request.getText(), 0);
        };
  }
}
