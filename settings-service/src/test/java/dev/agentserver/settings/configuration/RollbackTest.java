package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.settings.v1.DeleteSettingDefinitionRequest;
import dev.agentserver.settings.v1.ListSettingHistoryRequest;
import dev.agentserver.settings.v1.RollbackConfigRequest;
import dev.agentserver.settings.v1.RollbackConfigResponse;
import dev.agentserver.settings.v1.SettingType;
import dev.agentserver.settings.v1.UpdateSettingDefinitionRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollbackTest extends ConfigTest {
  @BeforeEach
  void define() {
    define(definition("a", SettingType.SETTING_TYPE_INT));
    define(definition("b", SettingType.SETTING_TYPE_INT));
  }

  @Test
  void oneKeyIsMadeWhatItWas() {
    apply(change("a", "", "1"), change("a", "prod", "10"), change("b", "", "1"));
    apply(change("a", "", "2"), change("a", "prod", null), change("b", "", "2"));
    var back = rollBack(RollbackConfigRequest.newBuilder().setKey("a").setToRevision(3));
    assertThat(back.getRevision()).isEqualTo(5);
    assertThat(differences(back)).containsExactly("a@all 2 > 1", "a@prod - > 10");
    assertThat(get("a", "prod").getValue()).isEqualTo("10");
    assertThat(get("b", "").getValue()).isEqualTo("2");
    assertThat(history("a")).startsWith("5 ROLLBACK a@all 1", "5 ROLLBACK a@prod 10");
    assertThat(audited(owner, "RollbackConfig", "a@prod")).containsExactly("DONE: revision,value");
    // Back where it was, nothing is left to do.
    var again = rollBack(RollbackConfigRequest.newBuilder().setKey("a").setToRevision(3));
    assertThat(again.getRevision()).isEqualTo(5);
  }

  @Test
  void allKeysAreMadeWhatTheyWereAtATime() {
    apply(change("a", "", "1"), change("b", "", "1"));
    var then = timeOf(3);
    apply(change("a", "", "2"), change("b", "prod", "2"));
    define(definition("c", SettingType.SETTING_TYPE_INT));
    set("c", "3");
    var dry = rollBack(RollbackConfigRequest.newBuilder().setToTime(then).setDryRun(true));
    assertThat(dry.getRevision()).isEqualTo(6);
    var back = rollBack(RollbackConfigRequest.newBuilder().setToTime(then));
    assertThat(back.getDifferencesList()).isEqualTo(dry.getDifferencesList());
    assertThat(differences(back)).containsExactly("a@all 2 > 1", "b@prod 2 > -", "c@all 3 > -");
    assertThat(back.getRevision()).isEqualTo(7);
    var nothing = rollBack(RollbackConfigRequest.newBuilder().setToRevision(0));
    assertThat(differences(nothing)).containsExactly("a@all 1 > -", "b@all 1 > -");
  }

  private Timestamp timeOf(long revision) {
    return config
        .listSettingHistory(ListSettingHistoryRequest.getDefaultInstance())
        .getEntriesList()
        .stream()
        .filter(entry -> entry.getRevision() == revision)
        .findFirst()
        .orElseThrow()
        .getCreatedAt();
  }

  @Test
  void whatCannotBeIsSkippedAndNamed() {
    define(definition("secret", SettingType.SETTING_TYPE_STRING).setSensitive(true));
    define(definition("gone", SettingType.SETTING_TYPE_INT));
    apply(
        change("secret", "", "first"),
        change("gone", "", "1"),
        change("a", "", "1"),
        change("b", "", "1"));
    apply(change("secret", "", "second"), change("a", "", "5"), change("b", "", "5"));
    definitions.deleteSettingDefinition(
        DeleteSettingDefinitionRequest.newBuilder().setKey("gone").build());
    definitions.updateSettingDefinition(
        UpdateSettingDefinitionRequest.newBuilder()
            .setDefinition(
                definition("a", SettingType.SETTING_TYPE_INT).setSchema("{\"minimum\": 3}"))
            .build());
    var back = rollBack(RollbackConfigRequest.newBuilder().setToRevision(5));
    assertThat(differences(back)).containsExactly("b@all 5 > 1");
    assertThat(back.getSkippedList())
        .extracting(skipped -> skipped.getKey() + " " + skipped.getReason())
        .containsExactly(
            "a REASON_NOT_ALLOWED", "gone REASON_NOT_DEFINED", "secret REASON_NOT_KEPT");
    refused(Code.FAILED_PRECONDITION, "VALUE_NOT_KEPT", "secret");
    refused(Code.FAILED_PRECONDITION, "SCHEMA_VIOLATED", "a");
    refused(Code.NOT_FOUND, "NOT_FOUND", "gone");
    // Removing a secret needs no history of it.
    var removed = rollBack(RollbackConfigRequest.newBuilder().setKey("secret").setToRevision(4));
    assertThat(removed.getDifferences(0).getAfterFingerprint()).isEmpty();
  }

  private void refused(Code code, String reason, String key) {
    assertProblem(
        code,
        reason,
        () -> rollBack(RollbackConfigRequest.newBuilder().setKey(key).setToRevision(5)));
  }

  @Test
  void aStaleBaseIsRefusedAndSoIsAnUnclearTarget() {
    set("a", "1");
    set("a", "2");
    assertProblem(
        Code.ABORTED,
        "CHANGE_CONFLICT",
        () -> rollBack(RollbackConfigRequest.newBuilder().setToRevision(3).setBaseRevision(3)));
    for (var request :
        List.of(
            RollbackConfigRequest.newBuilder(),
            RollbackConfigRequest.newBuilder().setToRevision(9),
            RollbackConfigRequest.newBuilder()
                .setToRevision(1)
                .setToTime(Timestamp.getDefaultInstance()))) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> rollBack(request));
    }
  }

  @Test
  void aRetryRollsBackOnce() {
    set("a", "1");
    set("a", "2");
    var request = RollbackConfigRequest.newBuilder().setToRevision(3).setRequestId("r");
    var first = rollBack(request);
    assertThat(rollBack(request)).isEqualTo(first);
    assertThat(history("a")).hasSize(4);
  }

  private RollbackConfigResponse rollBack(RollbackConfigRequest.Builder request) {
    return config.rollbackConfig(request.build());
  }

  private static List<String> differences(RollbackConfigResponse response) {
    return response.getDifferencesList().stream().map(ConfigTest::text).toList();
  }
}
