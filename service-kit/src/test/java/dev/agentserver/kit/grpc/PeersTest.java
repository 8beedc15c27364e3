package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.GetJwksRequest;
import dev.agentserver.settings.v1.Jwk;
import dev.agentserver.settings.v1.Jwks;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeersTest extends EchoTest {
  @Test
  void callsAreSpreadOverTheReplicasThatAreHealthy() {
    var one = named("one");
    var two = named("two");
    try (var first = NetworkServer.start(identity, one);
        var second = NetworkServer.start(identity, two)) {
      var channel =
          Peers.channel(
              "static:127.0.0.1:" + first.server().port() + ",127.0.0.1:" + second.server().port());
      var stub = EchoServiceGrpc.newBlockingStub(channel).withWaitForReady();
      var seen = new HashSet<String>();
      Await.until(
          "both answer",
          () -> {
            seen.add(stub.echoPublic(say("who")).getText());
            return seen.size() == 2;
          });
      second.health().drain();
      var since = new ConcurrentLinkedQueue<String>();
      Await.until(
          "only the healthy one answers",
          () -> {
            since.add(stub.echoPublic(say("who")).getText());
            return since.stream().skip(Math.max(0, since.size() - 10)).filter("one"::equals).count()
                == 10;
          });
      channel.shutdownNow();
    }
  }

  @Test
  void theCallersTokenAndTheRequestsIdGoOnToTheNextService() {
    var next = new Echo();
    next.unary = _ -> Echo.reply(Callers.current().principalId() + " " + RequestId.current(), 0);
    try (var network = NetworkServer.start(identity, next)) {
      var channel = Peers.channel("static:127.0.0.1:" + network.server().port());
      echo.unary =
          request -> {
            var reply = EchoServiceGrpc.newBlockingStub(channel).withWaitForReady().echo(request);
            assertThat(reply.getText()).endsWith(RequestId.current());
            return reply;
          };
      assertThat(as(alice).echo(say("x")).getText()).startsWith(alice.principalId().toString());
      channel.shutdownNow();
    }
  }

  /// What the first call has the channel open, such as its health check, would end with that call.
  @Test
  void whatTheFirstCallOpensBelongsToNoCall() {
    var opened = new Opened();
    NameResolverRegistry.getDefaultRegistry().register(opened);
    try {
      var channel = Peers.channel("opened:///somewhere");
      var first = Context.current().withCancellation();
      first.run(() -> EchoServiceGrpc.newFutureStub(channel).echoPublic(say("x")));
      assertThat(opened.within.join()).isSameAs(Context.ROOT);
      first.cancel(null);
      channel.shutdownNow();
    } finally {
      NameResolverRegistry.getDefaultRegistry().deregister(opened);
    }
  }

  /// Finds nobody, and says in which context it was asked to look.
  private static final class Opened extends NameResolverProvider {
    private final CompletableFuture<Context> within = new CompletableFuture<>();

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return "somewhere";
        }

        @Override
        public void start(Listener2 listener) {
          within.complete(Context.current());
        }

        @Override
        public void shutdown() {}
      };
    }

    @Override
    public String getDefaultScheme() {
      return "opened";
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 1;
    }
  }

  @Test
  void whatACallAsksForEndsWithItAndByItsDeadline() {
    var next = new Echo();
    var asked = new CompletableFuture<Deadline>();
    var ended = new CompletableFuture<Throwable>();
    next.unary =
        _ -> {
          asked.complete(Context.current().getDeadline());
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException stopped) {
            ended.complete(stopped);
          }
          return Echo.reply("late", 0);
        };
    try (var network = NetworkServer.start(identity, next);
        var timer = Executors.newSingleThreadScheduledExecutor()) {
      var channel = Peers.channel("static:127.0.0.1:" + network.server().port());
      var stub = EchoServiceGrpc.newFutureStub(channel).withWaitForReady();
      var call = Context.current().withDeadlineAfter(2, TimeUnit.MINUTES, timer);
      call.run(() -> stub.echoPublic(say("x")));
      assertThat(asked.join().timeRemaining(TimeUnit.SECONDS)).isBetween(60L, 120L);
      call.cancel(null);
      assertThat(ended.join()).isInstanceOf(InterruptedException.class);
      channel.shutdownNow();
    }
  }

  @Test
  void aTargetThatIsNoListOfAddressesIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Peers.channel("static:somewhere"))
        .withMessageContaining("host:port");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Peers.channel("static:host:many"))
        .withMessageContaining("host:port");
  }

  @Test
  void theKeysAreAskedForWhateverBecomesOfTheCallThatNeedsThem() {
    var key = identity.key().publicJwk();
    try (var network = NetworkServer.start(identity, access(key.kid(), key.x(), key.y()))) {
      var target = "static:127.0.0.1:" + network.server().port();
      try (var peer =
          new AccessPeer(AccessConfig.from(Environment.of(Map.of("ACCESS_TARGET", target))))) {
        var cancelled = Context.current().withCancellation();
        cancelled.cancel(null);
        cancelled.run(() -> assertThat(peer.fetch()).containsExactly(key));
      }
    }
  }

  /// By itself a channel would have tried half as often in all the time that this waits.
  @Test
  void whoIsAwayIsLookedForEverySecond() throws IOException {
    try (var nobody = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var attempts = new AtomicInteger();
      Thread.ofVirtual()
          .start(
              () -> {
                while (!nobody.isClosed()) {
                  try (var _ = nobody.accept()) {
                    attempts.incrementAndGet();
                  } catch (IOException _) {
                    // Closed: the test is over.
                  }
                }
              });
      var channel = Peers.channel("static:127.0.0.1:" + nobody.getLocalPort());
      channel.getState(true);
      Await.until("it is tried again and again", () -> attempts.get() >= 10);
      channel.shutdownNow();
    }
  }

  @Test
  void nobodyAtTheTargetIsAFailure() {
    var settings = Map.of("ACCESS_TARGET", "static:127.0.0.1:1", "JWKS_TIMEOUT", "2s");
    try (var peer = new AccessPeer(AccessConfig.from(Environment.of(settings)))) {
      assertThatThrownBy(peer::fetch).hasMessageContaining("UNAVAILABLE");
    }
  }

  private static Echo named(String name) {
    var echo = new Echo();
    echo.unary = _ -> Echo.reply(name, 0);
    return echo;
  }

  private static BindableService access(String kid, String x, String y) {
    var keys = Jwks.newBuilder().addKeys(Jwk.newBuilder().setKid(kid).setX(x).setY(y)).build();
    return new AccessServiceGrpc.AccessServiceImplBase() {
      @Override
      public void getJwks(GetJwksRequest request, StreamObserver<Jwks> reply) {
        reply.onNext(keys);
        reply.onCompleted();
      }
    };
  }
}
