package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.v1.ApplyChangesRequest;
import dev.agentserver.settings.v1.DiffConfigRequest;
import dev.agentserver.settings.v1.GetConfigRequest;
import dev.agentserver.settings.v1.ListSettingHistoryRequest;
import dev.agentserver.settings.v1.SettingLayer;
import dev.agentserver.settings.v1.SettingType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApplyTest extends ConfigTest {
  @Override
  protected Map<String, String> variables() {
    return Map.of("SETTING_PLATFORM_COLOUR", "red", "SETTING_MINE", "mine");
  }

  @Test
  void theNearestLayerWinsAndIsNamed() {
    define(definition("page.size", SettingType.SETTING_TYPE_INT).setDefaultValue("50"));
    assertThat(get("page.size", "prod").getLayer()).isEqualTo(SettingLayer.SETTING_LAYER_DEFAULT);
    assertThat(get("page.size", "prod").getRevision()).isEqualTo(1);
    set("page.size", "60");
    var all = get("page.size", "prod");
    assertThat(all.getValue()).isEqualTo("60");
    assertThat(all.getLayer()).isEqualTo(SettingLayer.SETTING_LAYER_ALL);
    assertThat(all.getRevision()).isEqualTo(2);
    apply(change("page.size", "prod", "70"));
    assertThat(get("page.size", "prod").getValue()).isEqualTo("70");
    assertThat(get("page.size", "prod").getLayer())
        .isEqualTo(SettingLayer.SETTING_LAYER_ENVIRONMENT);
    assertThat(get("page.size", "test").getValue()).isEqualTo("60");
    assertThat(get("page.size", "").getLayer()).isEqualTo(SettingLayer.SETTING_LAYER_ALL);
    apply(change("page.size", "prod", null));
    assertThat(get("page.size", "prod").getValue()).isEqualTo("60");
    assertThat(audited(owner, "ApplyChanges", "page.size@prod"))
        .containsExactly("DONE: revision,value", "DONE: revision,value");
  }

  @Test
  void theProcessSaysWhatThePlatformsSettingsAreAndNoOthers() {
    define(definition("mine", SettingType.SETTING_TYPE_STRING).setDefaultValue("default"));
    assertThat(get("mine", "").getValue()).isEqualTo("default");
    var tenant = owner;
    actAs(platform());
    define(definition("platform.colour", SettingType.SETTING_TYPE_STRING).setPublic(true));
    actAs(tenant);
    var seen = get("platform.colour", "");
    assertThat(seen.getValue()).isEqualTo("red");
    assertThat(seen.getLayer()).isEqualTo(SettingLayer.SETTING_LAYER_PROCESS);
    assertThat(seen.getPlatform()).isTrue();
  }

  @Test
  void whatChangesNothingMakesNoRevision() {
    define(definition("a", SettingType.SETTING_TYPE_STRING));
    assertThat(set("a", "x").getRevision()).isEqualTo(2);
    var again = set("a", "x");
    assertThat(again.getRevision()).isEqualTo(2);
    assertThat(again.getDifferencesList()).isEmpty();
    assertThat(apply(change("a", "prod", null)).getRevision()).isEqualTo(2);
    assertThat(history("a")).hasSize(2);
  }

  @Test
  void aDryRunSaysWhatWouldBeAndChangesNothing() {
    define(definition("a", SettingType.SETTING_TYPE_INT));
    set("a", "1");
    var request =
        ApplyChangesRequest.newBuilder()
            .addChanges(change("a", "", "2"))
            .addChanges(change("a", "prod", "3"))
            .setDryRun(true)
            .setRequestId("dry");
    var dry = config.applyChanges(request.build());
    assertThat(dry.getRevision()).isEqualTo(2);
    assertThat(dry.getDifferencesList())
        .extracting(ConfigTest::text)
        .containsExactly("a@all 1 > 2", "a@prod - > 3");
    assertThat(get("a", "prod").getValue()).isEqualTo("1");
    assertThat(history("a")).hasSize(2);
    var done = config.applyChanges(request.setDryRun(false).setRequestId("real").build());
    assertThat(done.getDifferencesList()).isEqualTo(dry.getDifferencesList());
    assertThat(done.getRevision()).isEqualTo(3);
    assertThat(config.applyChanges(request.build())).isEqualTo(done);
  }

  @Test
  void ofTwoWhoHaveSeenTheSameRevisionOneWins() throws Exception {
    define(definition("a", SettingType.SETTING_TYPE_INT));
    define(definition("b", SettingType.SETTING_TYPE_INT));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var both = new ArrayList<Callable<Code>>();
      for (var value : List.of("1", "2")) {
        both.add(() -> outcome(value));
      }
      var ends = new ArrayList<Code>();
      for (var end : threads.invokeAll(both)) {
        ends.add(end.get());
      }
      assertThat(ends).containsExactlyInAnyOrder(Code.OK, Code.ABORTED);
    }
    var stale = ApplyChangesRequest.newBuilder().setBaseRevision(2);
    assertProblem(
            Code.ABORTED,
            "CHANGE_CONFLICT",
            () -> config.applyChanges(stale.clone().addChanges(change("a", "x", "7")).build()))
        .containsEntry("keys", "a")
        .containsEntry("revision", "3");
    // Another key is another matter.
    assertThat(config.applyChanges(stale.addChanges(change("b", "", "7")).build()).getRevision())
        .isEqualTo(4);
  }

  private Code outcome(String value) {
    try {
      config.applyChanges(
          ApplyChangesRequest.newBuilder()
              .setBaseRevision(2)
              .addChanges(change("a", "", value))
              .build());
      return Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }

  @Test
  void allChangesAreMadeOrNone() {
    define(definition("n", SettingType.SETTING_TYPE_INT).setSchema("{\"minimum\": 3}"));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                apply(
                    change("n", "", "4"),
                    change("n", "prod", "2"),
                    change("n", "test", "x"),
                    change("missing", "", "1"),
                    change("n", "all", "5")))
        .field("changes[1].value", "changes[2].value", "changes[3].key", "changes[4]");
    assertThat(get("n", "").hasValue()).isFalse();
    assertThat(history("n")).hasSize(1);
  }

  @Test
  void revisionsHaveNoGapsHoweverManyWrite() throws Exception {
    define(definition("a", SettingType.SETTING_TYPE_INT));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 32)
              .<Callable<Long>>mapToObj(i -> () -> set("a", Integer.toString(i)).getRevision())
              .toList();
      var revisions = new ArrayList<Long>();
      for (var done : threads.invokeAll(all)) {
        revisions.add(done.get());
      }
      assertThat(revisions)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(2, 33).mapToObj(Long::valueOf).toList());
    }
  }

  @Test
  void theConfigurationOfAnyRevisionCanBeReadAndCompared() {
    define(definition("a", SettingType.SETTING_TYPE_INT).setDefaultValue("0"));
    set("a", "1");
    apply(change("a", "prod", "2"));
    set("a", "3");
    apply(change("a", "prod", null));
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(revision -> past(revision, "prod")))
        .containsExactly("0", "1", "2", "2", "3");
    assertThat(differences(1, 4)).containsExactly("a@all - > 3", "a@prod - > 2");
    assertThat(differences(2, 0)).containsExactly("a@all 1 > 3");
    assertThat(differences(3, 3)).isEmpty();
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> differences(4, 3));
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> past(6, ""));
  }

  private String past(int revision, String environment) {
    return config
        .getConfig(
            GetConfigRequest.newBuilder().setRevision(revision).setEnvironment(environment).build())
        .getSettings(0)
        .getValue();
  }

  private List<String> differences(long from, long to) {
    return config
        .diffConfig(DiffConfigRequest.newBuilder().setFromRevision(from).setToRevision(to).build())
        .getDifferencesList()
        .stream()
        .map(ConfigTest::text)
        .toList();
  }

  @Test
  void aTenantsConfigurationIsBounded() {
    define(definition("big", SettingType.SETTING_TYPE_STRING));
    var value = "x".repeat(16_000);
    var request = ApplyChangesRequest.newBuilder();
    IntStream.range(0, 300).forEach(i -> request.addChanges(change("big", "e" + i, value)));
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_LARGE", () -> config.applyChanges(request.build()));
    assertThat(history("big")).hasSize(1);
  }

  @Test
  void readingIsARightOfItsOwn() {
    define(definition("a", SettingType.SETTING_TYPE_INT));
    actAs(service.person(owner.caller().tenantId(), "MEMBER"));
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> get("a", ""));
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> set("a", "1"));
  }

  @Test
  void reasonsAndAuthorsAreInTheHistory() {
    define(definition("a", SettingType.SETTING_TYPE_INT));
    config.applyChanges(
        ApplyChangesRequest.newBuilder()
            .addChanges(change("a", "", "1"))
            .setReason("ticket 7")
            .build());
    var entry =
        config
            .listSettingHistory(ListSettingHistoryRequest.newBuilder().setPageSize(1).build())
            .getEntries(0);
    assertThat(entry.getReason()).isEqualTo("ticket 7");
    assertThat(entry.getChangedBy()).isEqualTo(owner.id());
    assertThat(history("a")).startsWith("2 CHANGE a@all 1");
  }
}
