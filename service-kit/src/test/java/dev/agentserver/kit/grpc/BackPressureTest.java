package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.EchoRequest;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BackPressureTest extends EchoTest {
  private static final Set<Thread.State> WAITING =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicReference<Thread> handler = new AtomicReference<>();
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void aReaderThatAsksSlowlyHoldsTheServer() {
    echo.count = this::sendForEver;
    var call = open(server.channel(alice));
    call.request(3);
    Await.until("three arrive", () -> received.get() == 3);
    Await.until("the server waits", this::waiting);
    assertThat(sent.get()).isBetween(3, 5);
    call.request(10);
    Await.until("ten more arrive", () -> received.get() == 13);
    Await.until("the server waits again", this::waiting);
    assertThat(sent.get()).isBetween(13, 15);
    call.cancel("enough", null);
    assertThat(ended.join()).isInstanceOf(Cancelled.class);
  }

  @Test
  void overANetworkTheServerSendsAheadOnlyWhatTheWindowsHold() {
    echo.count = this::sendForEver;
    try (var network = NetworkServer.start(identity, echo)) {
      var call = open(network.channel(alice));
      call.request(10);
      Await.until("ten arrive", () -> received.get() == 10);
      Await.until("the server waits", this::waiting);
      // Messages of 64 KiB; a flow-control window of 1 MiB and what the transport queues.
      assertThat(sent.get()).isBetween(10, 60);
      call.cancel("enough", null);
      assertThat(ended.join()).isInstanceOf(Cancelled.class);
    }
  }

  @Test
  void aHandlerThatReadsSlowlyHoldsTheClient() {
    var reading = new CountDownLatch(1);
    echo.collect =
        receiver -> {
          receiver.next();
          reading.countDown();
          pause();
          return EchoReply.getDefaultInstance();
        };
    var call =
        server.channel(alice).newCall(EchoServiceGrpc.getCollectMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(say("first"));
    Await.until("the first is read", () -> reading.getCount() == 0);
    call.sendMessage(say("second"));
    assertThat(call.isReady()).isFalse();
    call.cancel("enough", null);
    never.countDown();
  }

  @Test
  void aCancelReachesAStreamThatIsBusyWithSomethingElse() {
    echo.count = (_, _) -> waitForEver();
    var call = open(server.channel(alice));
    Await.until("the handler is at work", () -> handler.get() != null);
    call.cancel("enough", null);
    assertThat(ended.join()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aCancelReachesAHandlerThatWaitsForTheClient() {
    echo.chat =
        (receiver, _) -> {
          handler.set(Thread.currentThread());
          try {
            receiver.next();
          } catch (RuntimeException failure) {
            ended.complete(failure);
            throw failure;
          }
        };
    var call = server.channel(alice).newCall(EchoServiceGrpc.getChatMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    Await.until("the handler waits", this::waiting);
    call.cancel("enough", null);
    assertThat(ended.join()).isInstanceOf(Cancelled.class);
  }

  @Test
  void aCancelReachesAUnaryHandler() {
    echo.unary =
        request -> {
          waitForEver();
          return Echo.reply(request.getText(), 0);
        };
    var call = server.channel(alice).newCall(EchoServiceGrpc.getEchoMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(say("x"));
    call.halfClose();
    Await.until("the handler is at work", () -> handler.get() != null);
    call.cancel("enough", null);
    assertThat(ended.join()).isInstanceOf(InterruptedException.class);
    Await.until(
        "it is counted",
        () ->
            server
                .metrics()
                .scrape()
                .contains(
                    "code=\"CANCELLED\",method=\"agentserver.kit.test.v1.EchoService/Echo\""));
  }

  @Test
  void aStreamThatFailsAfterSomeMessagesSaysWhy() {
    echo.count =
        (_, sender) -> {
          sender.send(Echo.reply("one", 1));
          throw new IllegalStateException("database password is hunter2");
        };
    var replies = as(alice).count(say("x"));
    assertThat(replies.next().getText()).isEqualTo("one");
    var failure = failure(replies::next);
    assertRefused(failure, Code.INTERNAL, "INTERNAL");
    assertThat(failure).hasMessageNotContaining("hunter2");
  }

  private ClientCall<EchoRequest, EchoReply> open(Channel channel) {
    var call = channel.newCall(EchoServiceGrpc.getCountMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(EchoReply reply) {
            received.incrementAndGet();
          }
        },
        new Metadata());
    call.sendMessage(say("x"));
    call.halfClose();
    return call;
  }

  private void sendForEver(EchoRequest request, Sender<EchoReply> sender) {
    handler.set(Thread.currentThread());
    var message =
        EchoReply.newBuilder().setBallast(ByteString.copyFrom(new byte[64 * 1024])).build();
    try {
      while (true) {
        sender.send(message);
        sent.incrementAndGet();
      }
    } catch (RuntimeException failure) {
      ended.complete(failure);
      throw failure;
    }
  }

  private void waitForEver() {
    handler.set(Thread.currentThread());
    try {
      never.await();
    } catch (InterruptedException stopped) {
      ended.complete(stopped);
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  private void pause() {
    try {
      never.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean waiting() {
    var thread = handler.get();
    return thread != null && WAITING.contains(thread.getState());
  }
}
