package dev.agentserver.settings.flag;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CancelScheduledFlagChangeRequest;
import dev.agentserver.settings.v1.CreateFlagRequest;
import dev.agentserver.settings.v1.DeleteFlagRequest;
import dev.agentserver.settings.v1.EvaluateFlagRequest;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagAction;
import dev.agentserver.settings.v1.FlagHistoryEntry;
import dev.agentserver.settings.v1.FlagHistoryEntry.Kind;
import dev.agentserver.settings.v1.FlagScheduleServiceGrpc;
import dev.agentserver.settings.v1.FlagScheduleServiceGrpc.FlagScheduleServiceBlockingStub;
import dev.agentserver.settings.v1.FlagServiceGrpc;
import dev.agentserver.settings.v1.FlagServiceGrpc.FlagServiceBlockingStub;
import dev.agentserver.settings.v1.ListFlagHistoryRequest;
import dev.agentserver.settings.v1.ListScheduledFlagChangesRequest;
import dev.agentserver.settings.v1.ScheduleFlagChangeRequest;
import dev.agentserver.settings.v1.ScheduledFlagChange;
import dev.agentserver.settings.v1.ScheduledFlagChange.State;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlagScheduleTest extends ServiceTest {
  private FlagServiceBlockingStub flags;
  private FlagScheduleServiceBlockingStub schedules;

  @BeforeEach
  void aTenantWithAFlag() {
    Person owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    flags = FlagServiceGrpc.newBlockingStub(owner.channel());
    schedules = FlagScheduleServiceGrpc.newBlockingStub(owner.channel());
    flags.createFlag(
        CreateFlagRequest.newBuilder()
            .setFlag(Flag.newBuilder().setKey("sale").setDefinition(Definitions.bool(false)))
            .build());
  }

  @Test
  void aChangeIsMadeWhenItsTimeHasCome() {
    var set = schedule(FlagAction.FLAG_ACTION_SET, Definitions.bool(true), Duration.ofSeconds(2));
    var kill = schedule(FlagAction.FLAG_ACTION_KILL, null, Duration.ofMillis(2_500));
    assertThat(set.getState()).isEqualTo(State.STATE_PENDING);
    Await.until("both are made", () -> state(kill.getId()) == State.STATE_APPLIED);
    assertThat(state(set.getId())).isEqualTo(State.STATE_APPLIED);
    assertThat(evaluate()).isEmpty();
    var history = flags.listFlagHistory(ListFlagHistoryRequest.getDefaultInstance());
    assertThat(history.getEntriesList())
        .extracting(FlagHistoryEntry::getKind)
        .containsExactly(Kind.KIND_SCHEDULED, Kind.KIND_SCHEDULED, Kind.KIND_CHANGE);
    assertThat(history.getEntries(1).getFlag().getDefinition()).isEqualTo(Definitions.bool(true));
  }

  @Test
  void whatCannotBeMadeWhenItsTimeHasComeSaysWhy() {
    var broken =
        schedules.scheduleFlagChange(
            ScheduleFlagChangeRequest.newBuilder()
                .setFlag(
                    Flag.newBuilder()
                        .setKey("sale")
                        .setDefinition(Definitions.bool(true))
                        .addPrerequisites(Definitions.needs("base", "on")))
                .setAction(FlagAction.FLAG_ACTION_SET)
                .setApplyAt(in(Duration.ofSeconds(2)))
                .build());
    flags.createFlag(
        CreateFlagRequest.newBuilder()
            .setFlag(
                Flag.newBuilder()
                    .setKey("base")
                    .setDefinition(Definitions.bool(true))
                    .addPrerequisites(Definitions.needs("sale", "on")))
            .build());
    Await.until("it has failed", () -> state(broken.getId()) == State.STATE_FAILED);
    assertThat(found(broken.getId()).getFailure()).contains("circle");
    assertThat(evaluate()).isEqualTo("off");
  }

  @Test
  void aChangeCanBeTakenBackInTime() {
    var later = schedule(FlagAction.FLAG_ACTION_DELETE, null, Duration.ofHours(1));
    var request = CancelScheduledFlagChangeRequest.newBuilder().setId(later.getId()).build();
    assertThat(schedules.cancelScheduledFlagChange(request).getState())
        .isEqualTo(State.STATE_CANCELLED);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "NOT_PENDING",
        () -> schedules.cancelScheduledFlagChange(request));
  }

  @Test
  void whatIsNotPossibleNowIsRefusedNow() {
    flags.deleteFlag(DeleteFlagRequest.newBuilder().setKey("sale").build());
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> schedule(FlagAction.FLAG_ACTION_KILL, null, Duration.ofHours(1)));
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> schedule(FlagAction.FLAG_ACTION_KILL, null, Duration.ofHours(-1)));
  }

  private ScheduledFlagChange schedule(
      FlagAction action, com.google.protobuf.Struct definition, Duration delay) {
    var flag = Flag.newBuilder().setKey("sale");
    if (definition != null) {
      flag.setDefinition(definition);
    }
    return schedules.scheduleFlagChange(
        ScheduleFlagChangeRequest.newBuilder()
            .setFlag(flag)
            .setAction(action)
            .setApplyAt(in(delay))
            .build());
  }

  private static Timestamp in(Duration delay) {
    var time = Instant.now().plus(delay);
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private String evaluate() {
    return flags.evaluateFlag(EvaluateFlagRequest.newBuilder().setKey("sale").build()).getVariant();
  }

  private State state(String id) {
    return found(id).getState();
  }

  private ScheduledFlagChange found(String id) {
    return schedules
        .listScheduledFlagChanges(ListScheduledFlagChangesRequest.getDefaultInstance())
        .getScheduledChangesList()
        .stream()
        .filter(each -> each.getId().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
