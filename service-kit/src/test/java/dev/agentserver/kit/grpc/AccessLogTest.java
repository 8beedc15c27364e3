package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.agentserver.kit.observe.Logging;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AccessLogTest extends EchoTest {
  private LogCapture access;

  @BeforeEach
  void capture() {
    access = LogCapture.of("dev.agentserver.access");
  }

  @AfterEach
  void release() {
    access.close();
  }

  @Test
  void aFailedCallIsLoggedUnderItsId() {
    var failure = failure(() -> as(user()).echo(say("x")));
    Await.until("it is logged", () -> !access.lines().isEmpty());
    assertThat(access.lines())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.INFO);
              assertThat(line.getFormattedMessage())
                  .isEqualTo("agentserver.kit.test.v1.EchoService/Echo PERMISSION_DENIED");
              assertThat(line.getMDCPropertyMap())
                  .containsEntry(Logging.REQUEST_ID, failure.getTrailers().get(RequestId.HEADER));
            });
  }

  @Test
  void aCallThatWorksIsADetail() {
    as(alice).echo(say("x"));
    Await.until("it is logged", () -> !access.lines().isEmpty());
    assertThat(access.lines())
        .singleElement()
        .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.DEBUG));
  }

  @Test
  void handlersLogUnderTheCallsId() {
    var unary = new CompletableFuture<String>();
    var stream = new CompletableFuture<String>();
    echo.unary =
        request -> {
          unary.complete(MDC.get(Logging.REQUEST_ID));
          return Echo.reply(RequestId.current(), 0);
        };
    assertThat(as(alice).echo(say("x")).getText()).isEqualTo(unary.join()).isNotEmpty();
    echo.count =
        (_, sender) -> {
          stream.complete(MDC.get(Logging.REQUEST_ID));
          sender.send(Echo.reply(RequestId.current(), 0));
        };
    assertThat(as(alice).count(say("x")).next().getText()).isEqualTo(stream.join()).isNotEmpty();
  }

  @Test
  void aRefusalThatCannotBeAuditedIsARefusalAllTheSame() {
    var clumsy =
        dev.agentserver.kit.test.TestServer.start(
            config(),
            identity,
            (_, _, _, _) -> {
              throw new IllegalStateException("the database is away");
            },
            java.util.List.of(echo));
    try (clumsy) {
      var stub = dev.agentserver.kit.test.v1.EchoServiceGrpc.newBlockingStub(clumsy.channel(null));
      assertRefused(
          () -> stub.echo(say("x")), io.grpc.Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED");
    }
    assertThat(access.lines())
        .anySatisfy(
            line -> assertThat(line.getFormattedMessage()).contains("could not be audited"));
  }
}
