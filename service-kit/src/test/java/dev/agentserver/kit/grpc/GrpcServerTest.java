package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import dev.agentserver.kit.test.v1.EchoServiceGrpc.EchoServiceStub;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GrpcServerTest extends EchoTest {
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicBoolean inside = new AtomicBoolean();

  @Test
  void aPortThatIsTakenIsNamed() {
    try (var network = NetworkServer.start(identity, echo)) {
      var taken = Integer.toString(network.server().port());
      var config = ServerConfig.from(Environment.of(Map.of("PORT", taken)), "test", 0);
      assertThatThrownBy(() -> NetworkServer.start(config, identity, echo))
          .hasMessageContaining("port " + taken);
    }
  }

  @Test
  void healthSaysWhetherTheServiceAndItsDependenciesWork() {
    var up = new AtomicBoolean(true);
    var log = LogCapture.of(Health.class);
    assertThat(status("")).isEqualTo(ServingStatus.SERVING);
    server.health().register("database", () -> check(up));
    assertThat(status(EchoServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);
    up.set(false);
    Await.until("it is noticed", () -> status("") == ServingStatus.NOT_SERVING);
    assertThat(status(EchoServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.NOT_SERVING);
    up.set(true);
    Await.until("it is noticed", () -> status("") == ServingStatus.SERVING);
    assertRefused(() -> status("nobody"), Code.NOT_FOUND, "NOT_FOUND");
    log.close();
  }

  @Test
  void reflectionListsTheServices() {
    var names = new CompletableFuture<ServerReflectionResponse>();
    var requests =
        ServerReflectionGrpc.newStub(server.channel(null))
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    names.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    names.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol(EchoServiceGrpc.SERVICE_NAME)
            .build());
    assertThat(names.join().getFileDescriptorResponse().getFileDescriptorProtoList()).isNotEmpty();
    requests.onCompleted();
  }

  @Test
  void aDrainingServerLetsARunningCallFinishAndTakesNoOther() throws Exception {
    var network = NetworkServer.start(identity, echo);
    blockEcho();
    var stub = EchoServiceGrpc.newStub(network.channel(alice));
    var running = call(stub);
    Await.until("the call runs", inside::get);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var closed = threads.submit(network.server()::close);
      Await.until("no call is taken", () -> refusesCalls(network));
      assertThat(running.future).isNotDone();
      gate.countDown();
      assertThat(running.future.join().getText()).isEqualTo("x");
      closed.get();
    }
    network.open().shutdownNow();
    network.health().close();
    network.metrics().close();
  }

  @Test
  void aDrainingServerEndsItsStreamsWithAWordToComeAgain() {
    var network = NetworkServer.start(identity, echo);
    echo.count =
        (request, sender) -> {
          sender.send(Echo.reply("first", 0));
          inside.set(true);
          await(gate);
        };
    var replies = EchoServiceGrpc.newBlockingStub(network.channel(alice)).count(say("x"));
    assertThat(replies.next().getText()).isEqualTo("first");
    Await.until("the stream waits", inside::get);
    Thread.ofVirtual().start(network.server()::close);
    var failure = failure(replies::next);
    assertRefused(failure, Code.UNAVAILABLE, "UNAVAILABLE");
    network.close();
  }

  @Test
  void aDrainingServerEndsACallThatWaitsForSomethingToHappen() throws Exception {
    var network = NetworkServer.start(identity, echo);
    blockEcho();
    var stub = EchoServiceGrpc.newBlockingStub(network.channel(alice));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var server = LogCapture.of(GrpcServer.class)) {
      var waiting = threads.submit(() -> failure(() -> stub.echoLater(say("x"))));
      Await.until("the call waits", inside::get);
      network.server().close();
      assertRefused(waiting.get(), Code.UNAVAILABLE, "UNAVAILABLE");
      assertThat(server.lines()).as("it had not to be cut").isEmpty();
    }
    network.close();
  }

  @Test
  void whatDoesNotFinishWithinTheDrainTimeoutIsCut() {
    var config =
        ServerConfig.from(Environment.of(Map.of("PORT", "0", "DRAIN_TIMEOUT", "100ms")), "test", 0);
    var network = NetworkServer.start(config, identity, echo);
    blockEcho();
    var running = call(EchoServiceGrpc.newStub(network.channel(alice)));
    Await.until("the call runs", inside::get);
    try (var server = LogCapture.of(GrpcServer.class)) {
      network.server().close();
      assertThat(server.lines()).isNotEmpty();
    }
    assertThat(running.future.handle((_, failure) -> failure).join())
        .isInstanceOf(StatusRuntimeException.class);
    network.open().shutdownNow();
    network.health().close();
    network.metrics().close();
  }

  @Test
  void theClientsRequestIdIsKeptWhereItIsFitForALog() {
    assertThat(echoedId("my-id-7")).isEqualTo("my-id-7");
    assertThat(echoedId("x".repeat(128))).hasSize(128);
    assertThat(echoedId("x".repeat(129))).hasSize(32);
    assertThat(echoedId("a b")).hasSize(32);
    assertThat(RequestId.of("")).hasSize(32);
    assertThat(RequestId.of(null)).isNotEqualTo(RequestId.of(null));
    assertThat(RequestId.current()).isEmpty();
  }

  @Test
  void everyMethodIsMeasuredFromTheStartOn() {
    assertThat(server.metrics().scrape())
        .contains(
            "agentserver_rpc_seconds_count{code=\"OK\",method=\"agentserver.kit.test.v1.EchoService/Chat\"");
    as(alice).echo(say("x"));
    failure(() -> as(user()).echo(say("x")));
    Await.until(
        "both are counted",
        () -> {
          var scrape = server.metrics().scrape();
          return scrape.contains(
                  "agentserver_rpc_seconds_count{code=\"OK\",method=\"agentserver.kit.test.v1.EchoService/Echo\",service=\"test\"} 1")
              && scrape.contains(
                  "agentserver_rpc_seconds_count{code=\"PERMISSION_DENIED\",method=\"agentserver.kit.test.v1.EchoService/Echo\",service=\"test\"} 1");
        });
    assertThat(server.metrics().scrape())
        .contains(
            "agentserver_rpc_seconds_bucket{",
            "agentserver_rpc_running{",
            "agentserver_admission_calls_free{",
            "jvm_memory_used_bytes{");
  }

  private String echoedId(String sent) {
    var headers = new Metadata();
    headers.put(RequestId.HEADER, sent);
    var reply = new AtomicReference<Metadata>();
    as(alice)
        .withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(headers),
            MetadataUtils.newCaptureMetadataInterceptor(reply, new AtomicReference<>()))
        .echo(say("x"));
    return reply.get().get(RequestId.HEADER);
  }

  private ServingStatus status(String service) {
    return HealthGrpc.newBlockingStub(server.channel(null))
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static void check(AtomicBoolean up) {
    if (!up.get()) {
      throw new IllegalStateException("down");
    }
  }

  private boolean refusesCalls(NetworkServer network) {
    var failure =
        failure(
            () ->
                HealthGrpc.newBlockingStub(network.open())
                    .check(HealthCheckRequest.getDefaultInstance()));
    return failure != null && failure.getStatus().getCode() == Code.UNAVAILABLE;
  }

  private RpcTest.Reply call(EchoServiceStub stub) {
    var reply = new RpcTest.Reply();
    stub.echo(say("x"), reply);
    return reply;
  }

  private void blockEcho() {
    echo.unary =
        request -> {
          inside.set(true);
          await(gate);
          return Echo.reply(request.getText(), 0);
        };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException("interrupted", stopped);
    }
  }
}
