package dev.agentserver.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.notebook.FeedServiceGrpc;
import dev.agentserver.test.notebook.WatchNoteRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A gateway that is told to stop lets what runs finish.
class DrainTest {
  @Test
  void aRunningRequestIsFinishedFirst() throws Exception {
    try (var gateway = new TestGateway()) {
      var running =
          CompletableFuture.supplyAsync(
              () -> gateway.send(gateway.request("/v1/hang").header("X-Server-Timeout", "1.5")));
      gateway.awaitHanging();

      gateway.gateway().close();

      assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
      assertThatThrownBy(() -> gateway.get("/shelves")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void whatTakesTooLongIsCut() throws Exception {
    try (var gateway = new TestGateway(Map.of("DRAIN_TIMEOUT", "300ms"))) {
      var running =
          CompletableFuture.supplyAsync(() -> status(gateway)).orTimeout(20, TimeUnit.SECONDS);
      gateway.awaitHanging();

      gateway.gateway().close();

      assertThat(running.get()).isNotEqualTo(200);
      gateway.awaitCancelled();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream | event: error",
        "application/x-ndjson | {\"error\":{\"code\":14"
      })
  void aStreamIsToldToComeAgain(String accept, String lastWords) {
    try (var gateway = new TestGateway(Map.of("DRAIN_TIMEOUT", "1h"))) {
      var stream = gateway.open("/v1/notes/n-1:watch", accept);
      var watch = gateway.feed().next();
      watch.renamed(1, "x");
      assertThat(stream.status()).isEqualTo(200);

      gateway.gateway().close();

      watch.awaitCancelled();
      assertThat(stream.rest()).contains(lastWords, "\"reason\":\"UNAVAILABLE\"", "retry_delay");
    }
  }

  @Test
  void aStreamThatHasNotBegunIsRefused() {
    try (var gateway = new TestGateway(Map.of("DRAIN_TIMEOUT", "1h"))) {
      var stream = gateway.open("/v1/notes/n-1:watch", "text/event-stream");
      gateway.feed().next();

      gateway.gateway().close();

      assertThat(stream.status()).isEqualTo(503);
      assertThat(stream.header("retry-after")).isEqualTo("1");
    }
  }

  @Test
  void aStreamOfGrpcEndsWithAStatus() {
    try (var gateway = new TestGateway(Map.of("DRAIN_TIMEOUT", "1h"))) {
      var token = new Metadata();
      token.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer a.b.c");
      var events =
          FeedServiceGrpc.newBlockingStub(gateway.channel())
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(token))
              .watchNote(WatchNoteRequest.getDefaultInstance());
      gateway.feed().next().renamed(1, "x");
      assertThat(events.next().getSeq()).isEqualTo(1);

      gateway.gateway().close();

      assertThatThrownBy(events::hasNext)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              ended -> {
                assertThat(ended.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(StatusProto.fromThrowable(ended).getDetailsCount()).isEqualTo(2);
              });
    }
  }

  private static int status(TestGateway gateway) {
    try {
      HttpResponse<String> response =
          gateway.send(gateway.request("/v1/hang").timeout(Duration.ofSeconds(20)));
      return response.statusCode();
    } catch (UncheckedIOException cut) {
      return -1;
    }
  }

  @Test
  void aPortThatIsTakenStopsTheStart() throws Exception {
    try (var taken = new ServerSocket(0)) {
      var environment = Map.of("HOST", "0.0.0.0", "PORT", Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> new TestGateway(environment).close())
          .hasStackTraceContaining("Address already in use");
    }
  }
}
