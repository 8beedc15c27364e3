package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.Harness;
import dev.agentserver.settings.v1.DestroyKeyRequest;
import dev.agentserver.settings.v1.ListKeysRequest;
import dev.agentserver.settings.v1.MasterKey;
import dev.agentserver.settings.v1.MasterKeyServiceGrpc;
import dev.agentserver.settings.v1.PullSettingsRequest;
import dev.agentserver.settings.v1.PullSettingsResponse;
import dev.agentserver.settings.v1.PulledSetting;
import dev.agentserver.settings.v1.RegisterSettingsRequest;
import dev.agentserver.settings.v1.RotateKeyRequest;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingFeedServiceGrpc;
import dev.agentserver.settings.v1.SettingFeedServiceGrpc.SettingFeedServiceBlockingStub;
import dev.agentserver.settings.v1.SettingType;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedTest extends ConfigTest {
  @TempDir static Path directory;

  private SettingFeedServiceBlockingStub feed;

  @BeforeEach
  void actAsService() {
    actAs(platform());
    feed = SettingFeedServiceGrpc.newBlockingStub(service.channel(Harness.servicePrincipal()));
  }

  @Override
  protected Map<String, String> variables() {
    return Map.of("KEYSET_FILE", directory.resolve("keyset.json").toString());
  }

  @Test
  void aSecretIsReadAlsoWhenItsMasterKeyWasReplacedAndDestroyed() {
    feed.registerSettings(
        request(
            "seven", definition("seven.a", SettingType.SETTING_TYPE_STRING).setSensitive(true)));
    set("seven.a", "hunter2!");
    assertThat(values(pull("seven", null))).isEqualTo("seven.a=hunter2!");
    var keys = MasterKeyServiceGrpc.newBlockingStub(owner.channel());
    var key =
        keys.listKeys(ListKeysRequest.getDefaultInstance()).getKeysList().stream()
            .filter(MasterKey::getPrimary)
            .findFirst()
            .orElseThrow();
    keys.rotateKey(
        RotateKeyRequest.newBuilder().setKeyId(key.getId()).setCurrentVersion(1).build());
    service.rewrap();
    keys.destroyKey(DestroyKeyRequest.newBuilder().setKeyId(key.getId()).setVersion(1).build());
    // Nothing tells the snapshots of it, because no setting has changed.
    assertThat(values(pull("seven", null))).isEqualTo("seven.a=hunter2!");
    set("seven.a", "sesame!!");
    assertThat(values(pull("seven", null))).isEqualTo("seven.a=sesame!!");
  }

  @Test
  void aServiceDefinesItsSettingsAndIsToldOfTheirValues() throws Exception {
    var request =
        request("one", definition("one.pages", SettingType.SETTING_TYPE_INT).setDefaultValue("50"));
    assertThat(feed.registerSettings(request).getRefusedList()).isEmpty();
    var first = pull("one", null);
    assertThat(values(first)).isEqualTo("one.pages=50");
    // Registering again is no change.
    feed.registerSettings(request);
    assertThat(pull("one", null).getRevision()).isEqualTo(first.getRevision());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> pull("one", first.getRevision()));
      apply(change("one.pages", "prod", "70"));
      assertThat(values(waiting.get())).isEqualTo("one.pages=70");
    }
    assertThat(history("one.pages").getLast()).contains("DEFINITION");
    assertThat(values(pull("another", null))).isEmpty();
  }

  @Test
  void aDefinitionThatStoredValuesBreakIsLeftAndNamed() {
    feed.registerSettings(request("two", definition("two.a", SettingType.SETTING_TYPE_INT)));
    set("two.a", "1");
    var narrower =
        request(
            "two",
            definition("two.a", SettingType.SETTING_TYPE_INT).setSchema("{\"minimum\": 2}"),
            definition("two.b", SettingType.SETTING_TYPE_INT).setDefaultValue("9"));
    assertThat(feed.registerSettings(narrower).getRefusedList()).containsExactly("two.a");
    assertThat(values(pull("two", null))).isEqualTo("two.a=1,two.b=9");
    var other = request("two", definition("two.a", SettingType.SETTING_TYPE_STRING));
    assertThat(feed.registerSettings(other).getRefusedList()).containsExactly("two.a");
  }

  @Test
  void replicasThatStartTogetherDefineOnce() throws Exception {
    var request = request("three", definition("three.a", SettingType.SETTING_TYPE_INT));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 8)
              .<Callable<Integer>>mapToObj(
                  _ -> () -> feed.registerSettings(request).getRefusedCount())
              .toList();
      for (var done : threads.invokeAll(all)) {
        assertThat(done.get()).isZero();
      }
    }
    assertThat(history("three.a")).hasSize(1);
  }

  @Test
  void aServiceGetsItsSecretsAndNobodyElseDoes() {
    feed.registerSettings(
        request(
            "four", definition("four.secret", SettingType.SETTING_TYPE_STRING).setSensitive(true)));
    apply(change("four.secret", "", "all"), change("four.secret", "prod", "hunter2!"));
    assertThat(values(pull("four", null))).isEqualTo("four.secret=hunter2!");
    var owners = SettingFeedServiceGrpc.newBlockingStub(owner.channel());
    var request = PullSettingsRequest.newBuilder().setService("four").build();
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> owners.pullSettings(request));
  }

  private static RegisterSettingsRequest request(
      String name, SettingDefinition.Builder... definitions) {
    var request = RegisterSettingsRequest.newBuilder().setService(name);
    List.of(definitions).forEach(request::addDefinitions);
    return request.build();
  }

  private PullSettingsResponse pull(String name, Long after) {
    var request = PullSettingsRequest.newBuilder().setService(name).setEnvironment("prod");
    if (after != null) {
      request
          .setAfterRevision(after)
          .setWait(com.google.protobuf.Duration.newBuilder().setSeconds(30));
    }
    return feed.pullSettings(request.build());
  }

  private static String values(PullSettingsResponse reply) {
    return reply.getSettingsList().stream()
        .map((PulledSetting each) -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(","));
  }
}
