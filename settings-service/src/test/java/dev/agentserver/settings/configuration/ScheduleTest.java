package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.v1.CancelScheduledChangeRequest;
import dev.agentserver.settings.v1.ListScheduledChangesRequest;
import dev.agentserver.settings.v1.ScheduleChangesRequest;
import dev.agentserver.settings.v1.ScheduledSettingChange;
import dev.agentserver.settings.v1.ScheduledSettingChange.State;
import dev.agentserver.settings.v1.SettingChange;
import dev.agentserver.settings.v1.SettingType;
import dev.agentserver.settings.v1.UpdateSettingDefinitionRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScheduleTest extends ConfigTest {
  private static final long HOUR = 3_600_000;

  @BeforeEach
  void define() {
    define(definition("a", SettingType.SETTING_TYPE_INT));
  }

  @Test
  void aChangeIsMadeWhenItsTimeHasComeAndOnceHoweverManyProcessesThereAre() {
    define(definition("secret", SettingType.SETTING_TYPE_STRING).setSensitive(true));
    try (var _ = service.replica(Map.of())) {
      var scheduled = schedule(HOUR, change("a", "", "7"), change("secret", "prod", "hunter2!"));
      assertThat(scheduled.getState()).isEqualTo(State.STATE_PENDING);
      assertThat(scheduled.getChanges(1).hasValue()).isFalse();
      due(scheduled);
      Await.until("the change", () -> state(scheduled) == State.STATE_APPLIED);
      assertThat(get("a", "").getValue()).isEqualTo("7");
      assertThat(get("secret", "prod").getFingerprint()).isNotEmpty();
      assertThat(history("a")).containsExactly("3 SCHEDULED a@all 7", history("a").getLast());
      assertThat(all(false).getFirst().getRevision()).isEqualTo(3);
      assertThat(audited(owner, "scheduled-change", "a@all")).isEmpty();
      assertThat(
              service.column(
                  "select count(*) from audit_entry where action = 'scheduled-change'"
                      + " and resource_id = 'a@all' and tenant_id = '"
                      + owner.caller().tenantId()
                      + "'"))
          .containsExactly("1");
    }
  }

  @Test
  void whatIsTakenBackInTimeIsNotMade() {
    var scheduled = schedule(HOUR, change("a", "", "7"));
    assertThat(cancel(scheduled).getState()).isEqualTo(State.STATE_CANCELLED);
    assertProblem(Code.FAILED_PRECONDITION, "NOT_PENDING", () -> cancel(scheduled))
        .containsEntry("state", "CANCELLED");
    assertThat(all(true)).isEmpty();
    assertThat(all(false)).hasSize(1);
    newTenant();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> cancel(scheduled));
  }

  @Test
  void whatCannotBeMadeThenSaysWhyAndHoldsUpNothing() {
    var first = schedule(HOUR, change("a", "", "7"));
    var second = schedule(HOUR, change("a", "prod", "70"));
    definitions.updateSettingDefinition(
        UpdateSettingDefinitionRequest.newBuilder()
            .setDefinition(
                definition("a", SettingType.SETTING_TYPE_INT).setSchema("{\"minimum\": 10}"))
            .build());
    due(first);
    due(second);
    Await.until("the second", () -> state(second) == State.STATE_APPLIED);
    Await.until("the first", () -> state(first) == State.STATE_FAILED);
    assertThat(all(false).getLast().getFailure()).contains("a@all");
    assertThat(get("a", "prod").getValue()).isEqualTo("70");
  }

  @Test
  void onlyWhatIsAllowedAndLaterCanBeScheduled() {
    assertProblem(
        Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> schedule(-1, change("a", "", "1")));
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> schedule(367 * 24 * HOUR, change("a", "", "1")));
    assertProblem(
        Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> schedule(HOUR, change("a", "", "x")));
  }

  @Test
  void theListHasPages() {
    var made =
        List.of(
            schedule(HOUR, change("a", "", "1")).getId(),
            schedule(HOUR, change("a", "", "2")).getId(),
            schedule(HOUR, change("a", "", "3")).getId());
    var request = ListScheduledChangesRequest.newBuilder().setPageSize(2);
    var first = config.listScheduledChanges(request.build());
    var rest = config.listScheduledChanges(request.setPageToken(first.getNextPageToken()).build());
    assertThat(first.getScheduledChangesList())
        .extracting(ScheduledSettingChange::getId)
        .containsExactly(made.get(2), made.get(1));
    assertThat(rest.getScheduledChangesList())
        .extracting(ScheduledSettingChange::getId)
        .containsExactly(made.get(0));
    assertThat(rest.getNextPageToken()).isEmpty();
  }

  private ScheduledSettingChange schedule(long inMillis, SettingChange... changes) {
    return config.scheduleChanges(
        ScheduleChangesRequest.newBuilder()
            .addAllChanges(List.of(changes))
            .setApplyAt(Timestamps.fromMillis(System.currentTimeMillis() + inMillis))
            .build());
  }

  /// Lets its time come.
  private void due(ScheduledSettingChange scheduled) {
    service.sql(
        "update scheduled_change set apply_at = now() where scheduled_id = '%s'"
            .formatted(scheduled.getId()));
  }

  private State state(ScheduledSettingChange scheduled) {
    return all(false).stream()
        .filter(each -> each.getId().equals(scheduled.getId()))
        .findFirst()
        .orElseThrow()
        .getState();
  }

  private List<ScheduledSettingChange> all(boolean pending) {
    return config
        .listScheduledChanges(ListScheduledChangesRequest.newBuilder().setPending(pending).build())
        .getScheduledChangesList();
  }

  private ScheduledSettingChange cancel(ScheduledSettingChange scheduled) {
    return config.cancelScheduledChange(
        CancelScheduledChangeRequest.newBuilder().setId(scheduled.getId()).build());
  }
}
