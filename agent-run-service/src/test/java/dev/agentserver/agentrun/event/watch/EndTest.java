package dev.agentserver.agentrun.event.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventEnd.Reason;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who may follow, and for how long.
class EndTest extends Scene {
  @Test
  void aStrangersSessionAndRunAreNotFound() {
    var session = session();
    var run = runOf(session);
    for (var stranger :
        List.of(
            service.caller(TENANT, "MEMBER"), service.caller(UUID.randomUUID(), "TENANT_OWNER"))) {
      assertProblem(
          Code.NOT_FOUND,
          "NOT_FOUND",
          () -> as(stranger).listSessionEvents(ofSession(session, 0).build()));
      assertProblem(
          Code.NOT_FOUND,
          "NOT_FOUND",
          () -> as(stranger).listRunEvents(ofRun(run.id(), 0).build()));
    }
  }

  @Test
  void aWatchEndsWhenTheSessionIsSomebodyElses() {
    var session = session();
    try (var follower = follow(session, 0)) {
      follower.next();
      service.sql(
          "update session set owner_id = '%s' where session_id = '%s'"
              .formatted(UUID.randomUUID(), session));
      assertThat(end(follower)).isEqualTo(Reason.REASON_REVOKED);
    }
  }

  @Test
  void aWatchEndsWhenTheSessionIsDeleted() {
    var session = session();
    try (var follower = follow(session, 0)) {
      follower.next();
      service.sql("delete from session where session_id = '%s'".formatted(session));
      assertThat(end(follower)).isEqualTo(Reason.REASON_DELETED);
    }
  }

  @Test
  void aWatchOfARunEndsWithTheConversationThatItAnswersIn() {
    var conversation = UUID.randomUUID();
    var run = run(null, conversation, alice);
    append(run, events(2));
    try (var follower = followRun(run.id(), 0)) {
      follower.nextEvents(2);
      service.hear(
          new PulledFact(
              UUID.randomUUID(),
              1,
              TENANT,
              "conversation.deleted",
              conversation.toString(),
              Map.of(),
              Instant.now()));
      var last = follower.nextEvent();
      assertThat(last.getKind()).isEqualTo("run.cancelled");
      assertThat(last.getSeq()).isEqualTo(3);
      assertThat(end(follower)).isEqualTo(Reason.REASON_DELETED);
    }
    try (var late = followRun(run.id(), 0)) {
      assertThat(late.next().getEnd().getReason()).isEqualTo(Reason.REASON_DELETED);
    }
    assertThat(listRun(run.id(), 0, 10)).isEmpty();
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> append(run, events(1)));
    assertThat(service.column("select 1 from event_stream where subject_id = '" + run.id() + "'"))
        .as("nothing begins anew")
        .isEmpty();
    assertThat(
            service.column(
                "select state from run where conversation_id is null and run_id = '%s'"
                    .formatted(run.id())))
        .containsExactly("CANCELLED");
  }

  @Test
  void aWatchOutlivesItsTokenByTheGraceAndNoLonger() {
    var session = session();
    var shortLived =
        new Caller(
            TENANT,
            alice.principalId(),
            alice.kind(),
            alice.roles(),
            alice.permissions(),
            "test",
            service.clock().instant().plus(Duration.ofMinutes(5)));
    try (var follower = follow(shortLived, session, 0, false)) {
      follower.next();
      service.clock().move(Duration.ofMinutes(30));
      var heartbeat = follower.next(RunEvent::hasHeartbeat);
      assertThat(heartbeat.getSeq()).isZero();
      service.clock().move(Duration.ofHours(2));
      assertThat(end(follower)).isEqualTo(Reason.REASON_TOKEN_EXPIRED);
    } finally {
      service.clock().move(Duration.ofMinutes(-150));
    }
  }

  private static Reason end(Follower<?> follower) {
    return follower.next(RunEvent::hasEnd).getEnd().getReason();
  }
}
