package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.EchoRequest;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Clients that stay and do nothing.
class StallTest extends EchoTest {
  @Override
  ServerConfig config() {
    var variables = Map.of("PORT", "0", "ADMIN_PORT", "0", "STREAM_STALL", "300ms");
    return ServerConfig.from(Environment.of(variables), "test", 0);
  }

  @Test
  void whoSendsNothingForLongIsCutOffAndWhoMayBeSilentIsNot() throws Exception {
    echo.chat =
        (receiver, sender) ->
            receiver.whenever().ifPresent(said -> sender.send(Echo.reply(said.getText(), 0)));
    var silent = open(EchoServiceGrpc.getChatMethod());
    var upload = open(EchoServiceGrpc.getCollectMethod());
    upload.write(say("half of"));
    assertRefused(() -> read(upload), Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
    silent.write(say("still here"));
    assertThat(silent.read().getText()).isEqualTo("still here");
  }

  @Test
  void whoOpensAStreamAndAsksForNothingIsCutOff() {
    var call = open(EchoServiceGrpc.getCountMethod());
    assertRefused(() -> read(call), Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
  }

  @Test
  void whoTakesNothingIsCutOff() {
    var ended = new CompletableFuture<RuntimeException>();
    var piece = EchoReply.newBuilder().setBallast(ByteString.copyFrom(new byte[64 * 1024])).build();
    echo.count =
        (_, sender) -> {
          try {
            while (true) {
              sender.send(piece, Duration.ofMillis(300));
            }
          } catch (RuntimeException failure) {
            ended.complete(failure);
            throw failure;
          }
        };
    var call = server.channel(alice).newCall(EchoServiceGrpc.getCountMethod(), CallOptions.DEFAULT);
    call.start(new io.grpc.ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(say("x"));
    call.halfClose();
    assertThat(ended.join())
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(((Problem.Refused) refused.problem()).reason())
                    .isEqualTo("DEADLINE_EXCEEDED"));
  }

  private BlockingClientCall<EchoRequest, EchoReply> open(
      MethodDescriptor<EchoRequest, EchoReply> method) {
    return ClientCalls.blockingBidiStreamingCall(
        server.channel(alice), method, CallOptions.DEFAULT);
  }

  private static void read(BlockingClientCall<EchoRequest, EchoReply> call) {
    try {
      call.read();
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
