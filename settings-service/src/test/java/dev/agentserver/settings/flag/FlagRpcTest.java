package dev.agentserver.settings.flag;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateFlagRequest;
import dev.agentserver.settings.v1.DeleteFlagRequest;
import dev.agentserver.settings.v1.EvaluateFlagRequest;
import dev.agentserver.settings.v1.EvaluateFlagResponse;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagEvaluators;
import dev.agentserver.settings.v1.FlagHistoryEntry;
import dev.agentserver.settings.v1.FlagServiceGrpc;
import dev.agentserver.settings.v1.FlagServiceGrpc.FlagServiceBlockingStub;
import dev.agentserver.settings.v1.GetFlagRequest;
import dev.agentserver.settings.v1.KillFlagRequest;
import dev.agentserver.settings.v1.ListFlagHistoryRequest;
import dev.agentserver.settings.v1.ListFlagsRequest;
import dev.agentserver.settings.v1.RestoreFlagRequest;
import dev.agentserver.settings.v1.RollbackFlagRequest;
import dev.agentserver.settings.v1.UpdateFlagEvaluatorsRequest;
import dev.agentserver.settings.v1.UpdateFlagRequest;
import io.grpc.Status.Code;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlagRpcTest extends ServiceTest {
  private Person owner;
  private FlagServiceBlockingStub flags;

  @BeforeEach
  void aTenantOfItsOwn() {
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    flags = FlagServiceGrpc.newBlockingStub(owner.channel());
  }

  @Test
  void aFlagIsCreatedReadListedAndDeleted() {
    var created = create("search", Definitions.bool(true));
    assertThat(created.getRevision()).isEqualTo(1);
    assertThat(get("search")).isEqualTo(created);
    assertThat(flags.listFlags(ListFlagsRequest.getDefaultInstance()).getFlagsList())
        .containsExactly(created);

    flags.deleteFlag(DeleteFlagRequest.newBuilder().setKey("search").build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get("search"));
    assertThat(evaluate("search", "").getErrorCode()).isEqualTo("FLAG_NOT_FOUND");
  }

  @Test
  void aKeyIsTakenOncePerEnvironment() {
    create("search", Definitions.bool(true));
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> create("search", Definitions.bool(true)));
    create("search", "prod", Definitions.bool(false));
    assertThat(evaluate("search", "").getValue().getBoolValue()).isTrue();
    assertThat(evaluate("search", "prod").getValue().getBoolValue()).isFalse();
    assertThat(evaluate("search", "test").getValue().getBoolValue()).isTrue();
  }

  @Test
  void whatFlagdWouldNotTakeIsRefusedAndTheErrorSaysWhere() {
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> create("search", Definitions.of("{\"state\":\"ON\",\"variants\":{\"a\":1}}")));
  }

  @Test
  void anUpdateNamesTheStateItHasSeen() {
    var created = create("search", Definitions.bool(true));
    var update =
        UpdateFlagRequest.newBuilder()
            .setFlag(created.toBuilder().setDefinition(Definitions.bool(false)))
            .build();
    var updated = flags.updateFlag(update);
    assertThat(updated.getRevision()).isEqualTo(2);
    assertThat(evaluate("search", "").getValue().getBoolValue()).isFalse();
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> flags.updateFlag(update));
  }

  @Test
  void aChangeThatChangesNothingMakesNoRevision() {
    var created = create("search", Definitions.bool(true));
    var same = flags.updateFlag(UpdateFlagRequest.newBuilder().setFlag(created).build());
    assertThat(same).isEqualTo(created);
  }

  @Test
  void aRetryIsAnsweredAsTheFirst() {
    var request =
        CreateFlagRequest.newBuilder()
            .setFlag(Flag.newBuilder().setKey("search").setDefinition(Definitions.bool(true)))
            .setRequestId("r-1")
            .build();
    assertThat(flags.createFlag(request)).isEqualTo(flags.createFlag(request));
  }

  @Test
  void theKillSwitchCountsWhereverTheDefinitionComesFrom() {
    create("search", Definitions.bool(true));
    var killed =
        flags.killFlag(
            KillFlagRequest.newBuilder().setKey("search").setEnvironment("prod").build());
    assertThat(killed.getKilled()).isTrue();
    var off = evaluate("search", "prod");
    assertThat(off.getReason()).isEqualTo("DISABLED");
    assertThat(off.hasValue()).isFalse();
    assertThat(evaluate("search", "").getValue().getBoolValue()).isTrue();

    flags.restoreFlag(
        RestoreFlagRequest.newBuilder().setKey("search").setEnvironment("prod").build());
    assertThat(evaluate("search", "prod").getValue().getBoolValue()).isTrue();
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> flags.killFlag(KillFlagRequest.newBuilder().setKey("unheard-of").build()));
  }

  @Test
  void aFlagWhosePrerequisiteIsNotMetIsItsOffVariant() {
    create("base", Definitions.bool(false));
    flags.createFlag(
        CreateFlagRequest.newBuilder()
            .setFlag(
                Flag.newBuilder()
                    .setKey("search")
                    .setDefinition(Definitions.bool(true))
                    .setOffVariant("off")
                    .addPrerequisites(Definitions.needs("base", "on")))
            .build());
    var unmet = evaluate("search", "");
    assertThat(unmet.getValue().getBoolValue()).isFalse();
    assertThat(unmet.getReason()).isEqualTo("DEFAULT");
    assertThat(unmet.getUnmet()).isEqualTo(Definitions.needs("base", "on").build());

    flags.updateFlag(
        UpdateFlagRequest.newBuilder()
            .setFlag(Flag.newBuilder().setKey("base").setDefinition(Definitions.bool(true)))
            .build());
    var met = evaluate("search", "");
    assertThat(met.getValue().getBoolValue()).isTrue();
    assertThat(met.getReason()).isEqualTo("TARGETING_MATCH");
    assertThat(met.hasUnmet()).isFalse();
  }

  @Test
  void flagsThatWouldNeedEachOtherAreRefused() {
    create("a", Definitions.bool(true));
    flags.createFlag(
        CreateFlagRequest.newBuilder()
            .setFlag(
                Flag.newBuilder()
                    .setKey("b")
                    .setDefinition(Definitions.bool(true))
                    .addPrerequisites(Definitions.needs("a", "on")))
            .build());
    assertProblem(
        Code.FAILED_PRECONDITION,
        "PREREQUISITE_CYCLE",
        () ->
            flags.updateFlag(
                UpdateFlagRequest.newBuilder()
                    .setFlag(
                        Flag.newBuilder()
                            .setKey("a")
                            .addPrerequisites(Definitions.needs("b", "on")))
                    .build()));
  }

  @Test
  void aRollbackMakesTheFlagWhatItWasAndTheHistoryTellsAll() {
    var first = create("search", Definitions.bool(true));
    flags.updateFlag(
        UpdateFlagRequest.newBuilder()
            .setFlag(Flag.newBuilder().setKey("search").setDefinition(Definitions.bool(false)))
            .setReason("too early")
            .build());
    var back =
        flags.rollbackFlag(
            RollbackFlagRequest.newBuilder().setKey("search").setToRevision(1).build());
    assertThat(back.getRevision()).isEqualTo(3);
    assertThat(back.getFlag().getDefinition()).isEqualTo(first.getDefinition());
    assertThat(evaluate("search", "").getValue().getBoolValue()).isTrue();

    var history =
        flags.listFlagHistory(ListFlagHistoryRequest.newBuilder().build()).getEntriesList();
    assertThat(history).extracting(FlagHistoryEntry::getRevision).containsExactly(3L, 2L, 1L);
    assertThat(history.get(1).getReason()).isEqualTo("too early");
    assertThat(history.getFirst().getKind()).isEqualTo(FlagHistoryEntry.Kind.KIND_ROLLBACK);

    flags.rollbackFlag(RollbackFlagRequest.newBuilder().setKey("search").setToRevision(0).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get("search"));
  }

  @Test
  void sharedRulesAreReferredToAndCannotBeTakenAway() {
    var rules = Definitions.of("{\"staff\":{\"ends_with\":[{\"var\":\"email\"},\"@a.example\"]}}");
    flags.updateFlagEvaluators(
        UpdateFlagEvaluatorsRequest.newBuilder()
            .setFlagEvaluators(FlagEvaluators.newBuilder().setEvaluators(rules))
            .build());
    create(
        "search",
        Definitions.of(
            """
            {"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off",
             "targeting":{"if":[{"$ref":"staff"},"on","off"]}}
            """));
    var staff = Definitions.of("{\"email\":\"x@a.example\"}");
    assertThat(evaluate("search", "", staff).getVariant()).isEqualTo("on");
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () ->
            flags.updateFlagEvaluators(
                UpdateFlagEvaluatorsRequest.newBuilder()
                    .setFlagEvaluators(FlagEvaluators.getDefaultInstance())
                    .build()));
  }

  /// Background work runs statements too, a few in a second; a statement for each would be more.
  @Test
  void flagsAreEvaluatedWithoutAStatement() {
    create("search", Definitions.bool(true));
    evaluate("search", "");
    var statements =
        service.statements(
            () -> {
              for (var i = 0; i < 500; i++) {
                evaluate("search", "");
              }
            });
    assertThat(statements).isLessThan(250);
  }

  @Test
  void anotherTenantsFlagsAreNotThere() {
    create("search", Definitions.bool(true));
    var stranger = service.person(UUID.randomUUID(), "TENANT_OWNER");
    var others = FlagServiceGrpc.newBlockingStub(stranger.channel());
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> others.getFlag(GetFlagRequest.newBuilder().setKey("search").build()));
    assertThat(
            others
                .evaluateFlag(EvaluateFlagRequest.newBuilder().setKey("search").build())
                .getErrorCode())
        .isEqualTo("FLAG_NOT_FOUND");
  }

  private Flag create(String key, Struct definition) {
    return create(key, "", definition);
  }

  private Flag create(String key, String environment, Struct definition) {
    return flags.createFlag(
        CreateFlagRequest.newBuilder()
            .setFlag(
                Flag.newBuilder().setKey(key).setEnvironment(environment).setDefinition(definition))
            .build());
  }

  private Flag get(String key) {
    return flags.getFlag(GetFlagRequest.newBuilder().setKey(key).build());
  }

  private EvaluateFlagResponse evaluate(String key, String environment) {
    return evaluate(key, environment, Struct.getDefaultInstance());
  }

  private EvaluateFlagResponse evaluate(String key, String environment, Struct context) {
    return flags.evaluateFlag(
        EvaluateFlagRequest.newBuilder()
            .setKey(key)
            .setEnvironment(environment)
            .setContext(context)
            .build());
  }
}
