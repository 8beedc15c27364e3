package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.RetryInfo;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.v1.EchoRequest;
import io.grpc.Status.Code;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionTest extends EchoTest {
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger inside = new AtomicInteger();

  @Override
  ServerConfig config() {
    var settings = Map.of("PORT", "0", "MAX_CONCURRENT_CALLS", "4", "MAX_OPEN_STREAMS", "2");
    return ServerConfig.from(Environment.of(settings), "test", 0);
  }

  @Test
  void aMethodThatIsFullRefusesAtOnceAndTheOthersGoOn() {
    blockEcho();
    // Four calls at once, of which one method gets three.
    var replies = new ArrayList<RpcTest.Reply>();
    for (var i = 0; i < 3; i++) {
      replies.add(call());
    }
    Await.until("three are inside", () -> inside.get() == 3);
    var refused = failure(() -> as(alice).echo(say("wait")));
    var info = assertRefused(refused, Code.RESOURCE_EXHAUSTED, "OVERLOADED");
    assertThat(info.getMetadataMap()).containsEntry("limit", "concurrent_calls");
    assertThat(detail(refused, RetryInfo.class).orElseThrow().getRetryDelay().getNanos())
        .isPositive();
    assertThat(as(alice).echoAuthenticated(say("other")).getText()).isEqualTo("other");
    var health = HealthGrpc.newBlockingStub(server.channel(null));
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatusValue()).isEqualTo(1);
    gate.countDown();
    replies.forEach(reply -> assertThat(reply.future.join().getText()).isEqualTo("wait"));
    assertThat(as(alice).echo(say("free again")).getText()).isEqualTo("free again");
  }

  @Test
  void aCallWaitsShortlyForItsTurn() throws Exception {
    blockEcho();
    for (var i = 0; i < 3; i++) {
      call();
    }
    Await.until("three are inside", () -> inside.get() == 3);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> as(alice).echo(say("later")));
      gate.countDown();
      assertThat(waiting.get().getText()).isEqualTo("later");
    }
  }

  @Test
  void moreThanMayWaitAreRefused() {
    blockEcho();
    var crowd = new ArrayList<RpcTest.Reply>();
    for (var i = 0; i < 40; i++) {
      crowd.add(call());
    }
    Await.until(
        "all but three are refused",
        () -> crowd.stream().filter(reply -> reply.future.isDone()).count() == 37);
    gate.countDown();
    var served =
        crowd.stream().filter(reply -> reply.future.handle((_, failure) -> failure == null).join());
    assertThat(served).hasSize(3);
  }

  @Test
  void streamsHaveABoundOfTheirOwnAndGiveTheirPlaceBack() {
    var first = openChat();
    var second = openChat();
    assertRefusedStream();
    first.onCompleted();
    Await.until("a place is free", this::opens);
    second.onCompleted();
  }

  @Test
  void aRefusedStreamTakesNoPlace() {
    for (var i = 0; i < 10; i++) {
      failure(() -> as(user()).count(say("x")).next());
    }
    assertThat(as(alice).count(say("x").toBuilder().setTimes(1).build()).next().getText())
        .isEqualTo("x");
  }

  private StreamObserver<EchoRequest> openChat() {
    var replies = new RpcTest.Reply();
    var requests = async().chat(replies);
    requests.onNext(say("hi"));
    Await.until("the chat is open", () -> !replies.all.isEmpty());
    return requests;
  }

  private boolean opens() {
    var reply = new RpcTest.Reply();
    async().chat(reply).onCompleted();
    return reply.future.handle((_, failure) -> failure == null).join();
  }

  private void assertRefusedStream() {
    var replies = as(alice).count(say("x"));
    var info = assertRefused(replies::next, Code.RESOURCE_EXHAUSTED, "OVERLOADED");
    assertThat(info.getMetadataMap()).containsEntry("limit", "open_streams");
  }

  private void blockEcho() {
    echo.unary =
        request -> {
          if (request.getText().equals("wait")) {
            inside.incrementAndGet();
            await(gate);
          }
          return Echo.reply(request.getText(), 0);
        };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private RpcTest.Reply call() {
    var reply = new RpcTest.Reply();
    async().echo(say("wait"), reply);
    return reply;
  }
}
