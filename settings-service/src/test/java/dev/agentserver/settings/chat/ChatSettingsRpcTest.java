package dev.agentserver.settings.chat;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.kit.test.Fewest;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.ChatSettings;
import dev.agentserver.settings.v1.GetChatSettingsRequest;
import dev.agentserver.settings.v1.UpdateChatSettingsRequest;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatSettingsRpcTest extends ServiceTest {
  /// What the literal PUT route names for its callers.
  private static final FieldMask PUT =
      mask("enabled_tools", "enabled_agents", "model", "temperature", "max_tokens");

  private Person alice;

  @Override
  protected Map<String, String> variables() {
    return Map.of("CHAT_DEFAULT_MODEL", "house-model", "CHAT_MAX_TOKENS", "8000");
  }

  @BeforeEach
  void somebodyNew() {
    alice = service.person(tenant, "MEMBER");
  }

  @Test
  void whoHasChosenNothingHasTheDefaultsAndNoRow() {
    var settings = get(alice);
    assertThat(settings)
        .isEqualTo(
            ChatSettings.newBuilder()
                .setModel("house-model")
                .setTemperature(0.7)
                .setMaxTokens(2000)
                .setSystemPrompt("")
                .setEtag("0")
                .build());
    assertThat(rows(alice)).isEmpty();
  }

  @Test
  void gettingTakesOneStatement() {
    update(alice, ChatSettings.newBuilder().addEnabledTools("search").addEnabledAgents("a"));
    assertThat(Fewest.of(() -> service.statements(() -> get(alice)))).isLessThanOrEqualTo(2);
  }

  @Test
  void withoutAMaskWhatIsSetIsChangedAndTheRestStays() {
    var first =
        update(
            alice,
            ChatSettings.newBuilder()
                .addEnabledTools("search")
                .addEnabledTools("browse")
                .addEnabledAgents("helper")
                .setModel("m1")
                .setTemperature(1.5)
                .setMaxTokens(100)
                .setSystemPrompt("Be kind."));
    var second = update(alice, ChatSettings.newBuilder().setTemperature(0));
    assertThat(second.toBuilder().clearEtag().clearUpdatedAt().build())
        .isEqualTo(first.toBuilder().setTemperature(0).clearEtag().clearUpdatedAt().build());
    assertThat(second.getEnabledToolsList()).containsExactly("search", "browse");
    assertThat(second.hasUpdatedAt()).isTrue();
    assertThat(get(alice)).isEqualTo(second);
  }

  @Test
  void aMaskEmptiesListsAndBringsDefaultsBack() {
    update(
        alice,
        ChatSettings.newBuilder()
            .addEnabledTools("search")
            .setModel("m1")
            .setTemperature(1)
            .setSystemPrompt("Be kind."));
    var updated =
        alice
            .chat()
            .updateChatSettings(
                UpdateChatSettingsRequest.newBuilder()
                    .setChatSettings(ChatSettings.newBuilder())
                    .setUpdateMask(mask("enabled_tools", "temperature", "model"))
                    .build());
    assertThat(updated.getEnabledToolsList()).isEmpty();
    assertThat(updated.getTemperature()).isEqualTo(0.7);
    assertThat(updated.getModel()).isEqualTo("house-model");
    assertThat(updated.getSystemPrompt()).isEqualTo("Be kind.");
    var all = UpdateChatSettingsRequest.newBuilder().setUpdateMask(mask("*"));
    all.getChatSettingsBuilder();
    assertThat(alice.chat().updateChatSettings(all.build()).getSystemPrompt()).isEmpty();
  }

  @Test
  void theLiteralPutReplacesWhatTheSourcesNameAndNoMore() {
    update(
        alice,
        ChatSettings.newBuilder()
            .addEnabledTools("search")
            .addEnabledAgents("helper")
            .setTemperature(1)
            .setSystemPrompt("Be kind."));
    var put =
        alice
            .chat()
            .updateChatSettings(
                UpdateChatSettingsRequest.newBuilder()
                    .setChatSettings(
                        ChatSettings.newBuilder()
                            .addEnabledAgents("other")
                            .setModel("m2")
                            .setTemperature(0.2)
                            .setMaxTokens(1))
                    .setUpdateMask(PUT)
                    .build());
    assertThat(put.getEnabledToolsList()).isEmpty();
    assertThat(put.getEnabledAgentsList()).containsExactly("other");
    assertThat(put.getModel()).isEqualTo("m2");
    assertThat(put.getTemperature()).isEqualTo(0.2);
    assertThat(put.getMaxTokens()).isEqualTo(1);
    assertThat(put.getSystemPrompt()).isEqualTo("Be kind.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 2.1, Double.NaN, Double.POSITIVE_INFINITY})
  void aTemperatureOutsideItsRangeIsRefusedByName(double temperature) {
    refused(ChatSettings.newBuilder().setTemperature(temperature), "chat_settings.temperature");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 8001, 32001})
  void maxTokensOutsideTheRangeAreRefusedByName(int maxTokens) {
    refused(ChatSettings.newBuilder().setMaxTokens(maxTokens), "chat_settings.max_tokens");
  }

  @Test
  void theEndsOfTheRangesAreInside() {
    update(alice, ChatSettings.newBuilder().setTemperature(0).setMaxTokens(1));
    update(alice, ChatSettings.newBuilder().setTemperature(2).setMaxTokens(8000));
  }

  @Test
  void otherLimitsAreNamedToo() {
    refused(ChatSettings.newBuilder().addEnabledTools(""), "chat_settings.enabled_tools[0]");
    refused(
        ChatSettings.newBuilder().addEnabledAgents("a").addEnabledAgents("a"),
        "chat_settings.enabled_agents");
    refused(ChatSettings.newBuilder().setModel("m".repeat(256)), "chat_settings.model");
    refused(
        ChatSettings.newBuilder().setSystemPrompt("p".repeat(32769)),
        "chat_settings.system_prompt");
  }

  @Test
  void aMaskThatNamesWhatCannotBeChangedIsRefused() {
    for (var path : new String[] {"updated_at", "etag", "nonsense"}) {
      var request =
          UpdateChatSettingsRequest.newBuilder()
              .setChatSettings(ChatSettings.newBuilder())
              .setUpdateMask(mask(path))
              .build();
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> alice.chat().updateChatSettings(request))
          .field("update_mask");
    }
  }

  @Test
  void aStaleEtagIsRefusedAlsoThatOfTheDefaults() {
    var defaults = get(alice);
    var first = update(alice, ChatSettings.newBuilder().setModel("a").setEtag(defaults.getEtag()));
    assertProblem(
            Code.ABORTED,
            "STALE_VERSION",
            () -> update(alice, ChatSettings.newBuilder().setModel("b").setEtag("0")))
        .containsEntry("etag", first.getEtag());
    update(alice, ChatSettings.newBuilder().setModel("c").setEtag(first.getEtag()));
  }

  @Test
  void whatChangesNothingKeepsTheEtag() {
    var first = update(alice, ChatSettings.newBuilder().setModel("a"));
    assertThat(update(alice, ChatSettings.newBuilder().setModel("a"))).isEqualTo(first);
    var other = service.person(tenant, "MEMBER");
    assertThat(update(other, ChatSettings.newBuilder().setModel("")).getEtag()).isEqualTo("0");
    assertThat(rows(other)).isEmpty();
  }

  @Test
  void aRetryAnswersAsItDidTheFirstTime() {
    var request =
        UpdateChatSettingsRequest.newBuilder()
            .setChatSettings(ChatSettings.newBuilder().setModel("a").addEnabledTools("t"))
            .setRequestId("r-1")
            .build();
    var first = alice.chat().updateChatSettings(request);
    update(alice, ChatSettings.newBuilder().setModel("b"));
    assertThat(alice.chat().updateChatSettings(request)).isEqualTo(first);
    assertThat(get(alice).getModel()).isEqualTo("b");
  }

  @Test
  void everybodyHasTheirOwn() {
    update(alice, ChatSettings.newBuilder().setModel("a").addEnabledTools("t"));
    assertThat(get(service.person(tenant, "MEMBER")).getModel()).isEqualTo("house-model");
  }

  @Test
  void aTokenOfAUserWhoIsNotThereReadsDefaultsAndStoresNothing() {
    var ghost = service.stranger(tenant, "MEMBER");
    assertThat(get(ghost).getMaxTokens()).isEqualTo(2000);
    assertProblem(
            Code.NOT_FOUND,
            "NOT_FOUND",
            () -> update(ghost, ChatSettings.newBuilder().setModel("a")))
        .containsEntry("resource", "user");
  }

  @Test
  void nulCharactersAreReplacedAndWhatBecomesEqualIsKeptOnce() {
    var updated =
        update(alice, ChatSettings.newBuilder().addEnabledTools("a\0").addEnabledTools("a\uFFFD"));
    assertThat(updated.getEnabledToolsList()).containsExactly("a\uFFFD");
  }

  @Test
  void changesAtTheSameTimeFollowEachOther() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 16)
              .<Callable<ChatSettings>>mapToObj(
                  i ->
                      () ->
                          update(
                              alice,
                              ChatSettings.newBuilder()
                                  .addEnabledTools("tool-" + i)
                                  .addEnabledTools("common")))
              .toList();
      for (var done : threads.invokeAll(calls)) {
        assertThat(done.get().getEnabledToolsList()).hasSize(2).contains("common");
      }
    }
    assertThat(get(alice).getEtag()).isEqualTo("16");
    assertThat(get(alice).getEnabledToolsList()).hasSize(2);
  }

  @Test
  void whatWasChosenBeforeTheLimitWasLoweredIsCut() {
    update(alice, ChatSettings.newBuilder().setMaxTokens(8000));
    service.sql("update chat_settings set max_tokens = 32000 where user_id = '" + alice.id() + "'");
    assertThat(get(alice).getMaxTokens()).isEqualTo(8000);
  }

  private void refused(ChatSettings.Builder settings, String field) {
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> update(alice, settings))
        .field(field);
  }

  private java.util.List<String> rows(Person person) {
    return service.column("select 1 from chat_settings where user_id = '" + person.id() + "'");
  }

  private static ChatSettings get(Person person) {
    return person.chat().getChatSettings(GetChatSettingsRequest.getDefaultInstance());
  }

  private static ChatSettings update(Person person, ChatSettings.Builder settings) {
    return person
        .chat()
        .updateChatSettings(
            UpdateChatSettingsRequest.newBuilder().setChatSettings(settings).build());
  }
}
