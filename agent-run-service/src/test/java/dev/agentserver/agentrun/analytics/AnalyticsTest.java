package dev.agentserver.agentrun.analytics;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.AnalyticsDimension;
import dev.agentserver.agentrun.v1.AnalyticsEvent;
import dev.agentserver.agentrun.v1.AnalyticsGroup;
import dev.agentserver.agentrun.v1.AnalyticsServiceGrpc;
import dev.agentserver.agentrun.v1.AnalyticsServiceGrpc.AnalyticsServiceBlockingStub;
import dev.agentserver.agentrun.v1.QueryAnalyticsRequest;
import dev.agentserver.agentrun.v1.TrackEventsRequest;
import dev.agentserver.agentrun.v1.TrackEventsResponse;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.identity.Caller;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalyticsTest {
  private Harness service;
  private Instant start;
  private Caller owner;
  private Caller alice;

  @BeforeAll
  void begin() {
    service = Harness.start();
    start = service.clock().instant();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @BeforeEach
  void people() {
    var tenant = UUID.randomUUID();
    owner = service.caller(tenant, "TENANT_OWNER");
    alice = service.caller(tenant, "MEMBER");
  }

  private AnalyticsServiceBlockingStub by(Caller caller) {
    return AnalyticsServiceGrpc.newBlockingStub(service.channel(caller));
  }

  private static AnalyticsEvent event(String name, Instant at) {
    return AnalyticsEvent.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setName(name)
        .setOccurredAt(
            Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
        .putProperties("plan", "free")
        .build();
  }

  private TrackEventsResponse track(Caller caller, AnalyticsEvent... events) {
    return by(caller)
        .trackEvents(TrackEventsRequest.newBuilder().addAllEvents(List.of(events)).build());
  }

  private static QueryAnalyticsRequest.Builder by(AnalyticsDimension... dimensions) {
    return QueryAnalyticsRequest.newBuilder().addAllGroupBy(List.of(dimensions));
  }

  private List<String> counted(Caller caller, QueryAnalyticsRequest.Builder request) {
    var groups = new ArrayList<AnalyticsGroup>();
    do {
      var page = by(caller).queryAnalytics(request.build());
      groups.addAll(page.getGroupsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return groups.stream()
        .map(one -> one.getKeysList() + " " + one.getEvents() + " of " + one.getUsers())
        .toList();
  }

  @Test
  void anEventThatIsSentAgainIsKeptOnceAndIdsAreTheUsersOwn() {
    var one = event("opened", start);
    var two = event("opened", start);
    assertThat(track(alice, one, two, one).getRecorded()).isEqualTo(2);
    var again = track(alice, two, one);
    assertThat(again.getRecorded()).isZero();
    assertThat(again.getDuplicates()).isEqualTo(2);
    assertThat(track(owner, one).getRecorded()).isEqualTo(1);
    assertThat(counted(owner, by())).containsExactly("[] 3 of 2");
    assertThat(counted(alice, by())).containsExactly("[] 2 of 1");
    assertThat(
            service.column(
                "select properties from agent_run.analytics_event where tenant_id = '%s'"
                    .formatted(alice.tenantId())))
        .containsOnly("{\"plan\": \"free\"}");
  }

  @Test
  void eventsAreCountedByNameUserAndTheDaysOfAnyTimeZone() {
    var midnight = start.truncatedTo(ChronoUnit.DAYS).minus(3, ChronoUnit.DAYS);
    track(
        alice,
        event("opened", midnight.minusSeconds(1)),
        event("opened", midnight),
        event("sent", midnight.plus(Duration.ofHours(18).plusMinutes(15))));
    track(owner, event("opened", midnight.plusSeconds(1)));
    var day = midnight.toString().substring(0, 10);
    var before = midnight.minusSeconds(1).toString().substring(0, 10);
    var after = midnight.plus(1, ChronoUnit.DAYS).toString().substring(0, 10);
    var byDay =
        by(AnalyticsDimension.ANALYTICS_DIMENSION_NAME, AnalyticsDimension.ANALYTICS_DIMENSION_DAY);
    assertThat(counted(owner, byDay.clone().setPageSize(1)))
        .containsExactly(
            "[opened, %s] 1 of 1".formatted(before),
            "[opened, %s] 2 of 2".formatted(day),
            "[sent, %s] 1 of 1".formatted(day));
    assertThat(counted(owner, byDay.clone().setTimeZone("Asia/Kathmandu")))
        .containsExactly(
            "[opened, %s] 3 of 2".formatted(day), "[sent, %s] 1 of 1".formatted(after));
    assertThat(counted(owner, by().setName("opened").setUserId(alice.principalId().toString())))
        .containsExactly("[] 2 of 1");
    var hours =
        by(AnalyticsDimension.ANALYTICS_DIMENSION_HOUR)
            .setTimeZone("Asia/Kathmandu")
            .setName("sent");
    assertThat(counted(owner, hours)).containsExactly("[%sT18:15:00Z] 1 of 1".formatted(day));
  }

  @Test
  void whoMayNotSeeAllSeesTheirOwnAndNobodyAnotherTenants() {
    track(owner, event("opened", start));
    assertThat(counted(alice, by(AnalyticsDimension.ANALYTICS_DIMENSION_USER))).isEmpty();
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> counted(alice, by().setUserId(owner.principalId().toString())));
    var stranger = service.caller(UUID.randomUUID(), "TENANT_OWNER");
    assertThat(counted(stranger, by())).containsExactly("[] 0 of 0");
    assertThat(counted(stranger, by().setUserId(owner.principalId().toString())))
        .containsExactly("[] 0 of 0");
  }

  @Test
  void whatIsTooOldOrToComeIsRefusedAndNothingOfItsBatchIsKept() {
    for (var when : List.of(Duration.ofDays(-401), Duration.ofDays(2))) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> track(alice, event("a", start), event("b", start.plus(when))))
          .field("events[1].occurred_at");
    }
    assertThat(counted(owner, by())).containsExactly("[] 0 of 0");
    assertProblem(
        Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> track(alice, event("no spaces", start)));
  }

  @Test
  void eventsGoAfterAWhileAndWithTheirUser() {
    track(alice, event("opened", start));
    track(owner, event("opened", start));
    var erased = new Erased(alice.tenantId(), UUID.randomUUID(), alice.principalId());
    assertThat(service.erase(erased)).isZero();
    assertThat(counted(owner, by())).containsExactly("[] 1 of 1");
    service.sql(
        "update agent_run.analytics_event set recorded_at = now() - interval '401 days' where tenant_id = '%s'"
            .formatted(owner.tenantId()));
    var young = service.caller(UUID.randomUUID(), "TENANT_OWNER");
    track(young, event("opened", start));
    assertThat(service.sweepAnalytics()).isEqualTo(1);
    assertThat(counted(owner, by())).containsExactly("[] 0 of 0");
    assertThat(counted(young, by())).containsExactly("[] 1 of 1");
  }
}
