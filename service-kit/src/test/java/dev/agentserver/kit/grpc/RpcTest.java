package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RpcTest extends EchoTest {
  @Test
  void aUnaryHandlerIsAPlainFunction() {
    assertThat(as(alice).echo(say("hello")).getText()).isEqualTo("hello");
  }

  @Test
  void aServerStreamArrivesWholeAndInOrder() {
    var request = say("tick").toBuilder().setTimes(500).build();
    var numbers = new ArrayList<Integer>();
    as(alice).count(request).forEachRemaining(reply -> numbers.add(reply.getNumber()));
    assertThat(numbers).hasSize(500).isSorted();
  }

  @Test
  void aClientStreamIsReadToItsEnd() {
    var reply = new Reply();
    var requests = async().collect(reply);
    List.of("a", "b", "c").forEach(text -> requests.onNext(say(text)));
    requests.onCompleted();
    assertThat(reply.future.join()).isEqualTo(Echo.reply("abc", 3));
  }

  @Test
  void bothSidesOfAChatSpeak() {
    var replies = new Reply();
    var requests = async().chat(replies);
    List.of("a", "b", "c").forEach(text -> requests.onNext(say(text)));
    requests.onCompleted();
    replies.future.join();
    assertThat(replies.all).extracting(EchoReply::getText).containsExactly("a", "b", "c");
  }

  @Test
  void aMissingHandlerStopsTheStart() {
    var rpc =
        Rpc.service(EchoServiceGrpc.getServiceDescriptor())
            .unary(EchoServiceGrpc.getEchoMethod(), request -> EchoReply.getDefaultInstance());
    assertThatIllegalStateException()
        .isThrownBy(rpc::build)
        .withMessage("no handler for agentserver.kit.test.v1.EchoService/EchoAuthenticated");
  }

  @Test
  void aHandlerForAnotherKindOfMethodStopsTheStart() {
    var rpc = Rpc.service(EchoServiceGrpc.getServiceDescriptor());
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                rpc.unary(
                    EchoServiceGrpc.getCountMethod(), request -> EchoReply.getDefaultInstance()))
        .withMessageContaining("Count is no UNARY method");
  }

  @Test
  void twoHandlersForOneMethodStopTheStart() {
    var rpc =
        Rpc.service(EchoServiceGrpc.getServiceDescriptor())
            .unary(EchoServiceGrpc.getEchoMethod(), echo.unary);
    assertThatIllegalStateException()
        .isThrownBy(() -> rpc.unary(EchoServiceGrpc.getEchoMethod(), echo.unary))
        .withMessageContaining("two handlers");
  }

  @Test
  void aHandlersProblemBecomesItsStatus() {
    echo.unary =
        _ -> {
          throw new dev.agentserver.kit.problem.Problem.NotFound("thing", "7").raise();
        };
    var info = assertRefused(() -> as(alice).echo(say("x")), Code.NOT_FOUND, "NOT_FOUND");
    assertThat(info.getMetadataMap()).containsEntry("resource", "thing").containsEntry("id", "7");
  }

  static final class Reply implements StreamObserver<EchoReply> {
    final List<EchoReply> all = new CopyOnWriteArrayList<>();
    final CompletableFuture<EchoReply> future = new CompletableFuture<>();

    @Override
    public void onNext(EchoReply reply) {
      all.add(reply);
    }

    @Override
    public void onError(Throwable failure) {
      future.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      future.complete(all.isEmpty() ? EchoReply.getDefaultInstance() : all.getLast());
    }
  }
}
