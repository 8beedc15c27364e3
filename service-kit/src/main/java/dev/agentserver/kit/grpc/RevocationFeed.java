package dev.agentserver.kit.grpc;

import com.google.protobuf.Duration;
import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.kit.identity.Revocation.Kind;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.settings.v1.PullRevocationsRequest;
import dev.agentserver.settings.v1.PullRevocationsResponse;
import dev.agentserver.settings.v1.RevocationServiceGrpc;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears of revocations from settings-service while the process lives. While that is away nothing
/// is refused that was not before, and what was missed comes afterwards.
public final class RevocationFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFeed.class);

  /// Together with a retry they stay below the 15 s that are promised, also where a connection has
  /// died and nobody says so.
  private static final int WAIT_SECONDS = 8;

  private static final int DEADLINE_SECONDS = 12;
  private static final long RETRY_MILLIS = 1_000;
  private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(5);

  /// No token lives as long as this, and no stream that was opened with one.
  private static final java.time.Duration REMEMBERED = java.time.Duration.ofHours(3);

  private final AccessPeer access;
  private final ServiceToken token;
  private final Revocations revocations;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private boolean failing;

  private RevocationFeed(
      AccessPeer access, ServiceToken token, Revocations revocations, Clock clock) {
    this.access = access;
    this.token = token;
    this.revocations = revocations;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("revocations").unstarted(this::follow);
  }

  public static RevocationFeed start(
      AccessPeer access, ServiceToken token, Revocations revocations, Clock clock) {
    var feed = new RevocationFeed(access, token, revocations, clock);
    feed.thread.start();
    return feed;
  }

  private void follow() {
    try {
      while (closed.getCount() > 0) {
        if (!pull()) {
          closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException _) {
      // Closing.
    }
  }

  private boolean pull() {
    try {
      apply(ask(revocations.position()));
      if (failing) {
        LOG.info("revocations are heard of again");
      }
      failing = false;
      return true;
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() == Code.UNAUTHENTICATED) {
        token.drop();
      }
      failed(refused.getMessage());
    } catch (RuntimeException failure) {
      failed(failure.toString());
    }
    return false;
  }

  private PullRevocationsResponse ask(long after) {
    var request =
        PullRevocationsRequest.newBuilder()
            .setAfter(after)
            .setWait(Duration.newBuilder().setSeconds(WAIT_SECONDS))
            .build();
    return token
        .on(RevocationServiceGrpc.newBlockingStub(access.channel()))
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .pullRevocations(request);
  }

  private void apply(PullRevocationsResponse reply) {
    for (var each : reply.getRevocationsList()) {
      var at = each.getRevokedAt();
      var kind =
          switch (each.getKind()) {
            case KIND_CREDENTIAL -> Kind.CREDENTIAL;
            case KIND_PRINCIPAL -> Kind.PRINCIPAL;
            case KIND_TENANT -> Kind.TENANT;
            case KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("a revocation of an unknown kind");
          };
      var time = Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
      revocations.add(new Revocation(each.getPosition(), kind, each.getSubject(), time));
    }
    revocations.forget(clock.instant().minus(REMEMBERED));
  }

  private void failed(String failure) {
    if (closed.getCount() > 0 && !failing) {
      LOG.warn("revocations cannot be heard of now: {}", failure);
    }
    failing = true;
  }

  /// Breaks off the call that waits.
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
