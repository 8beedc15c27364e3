package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.v1.DeleteSettingDefinitionRequest;
import dev.agentserver.settings.v1.GetSettingDefinitionRequest;
import dev.agentserver.settings.v1.ListSettingDefinitionsRequest;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingLayer;
import dev.agentserver.settings.v1.SettingType;
import dev.agentserver.settings.v1.UpdateSettingDefinitionRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionTest extends ConfigTest {
  @Test
  void whatWasDefinedIsListedByKey() {
    var made =
        define(
            definition("chat.pages", SettingType.SETTING_TYPE_INT)
                .setSchema("{\"minimum\": 1}")
                .setDefaultValue("50")
                .setDescription("how many")
                .setPublic(true));
    define(definition("chat.model", SettingType.SETTING_TYPE_STRING));
    define(definition("zoo", SettingType.SETTING_TYPE_STRING));
    assertThat(made.getVariable()).isEqualTo("SETTING_CHAT_PAGES");
    assertThat(made.getEtag()).isEqualTo("1");
    assertThat(get("chat.pages")).isEqualTo(made);
    assertThat(walk("", 2)).containsExactly("chat.model", "chat.pages", "zoo");
    assertThat(walk("chat.", 1)).containsExactly("chat.model", "chat.pages");
    assertThat(audited(owner, "CreateSettingDefinition", "zoo"))
        .containsExactly("DONE: revision,value");
  }

  @Test
  void aKeyAndItsVariableAreTakenOnce() {
    define(definition("a.b", SettingType.SETTING_TYPE_STRING));
    for (var key : List.of("a.b", "a_b")) {
      assertProblem(
          Code.ALREADY_EXISTS,
          "ALREADY_EXISTS",
          () -> define(definition(key, SettingType.SETTING_TYPE_INT)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INT, 42, 4.2",
    "INT, -9223372036854775808, 9223372036854775808",
    "INT, 0, 007",
    "DECIMAL, 0.7, .7",
    "DECIMAL, -12, 1e3",
    "BOOL, true, yes",
    "DURATION, 90s, soon",
    "DURATION, PT1M, -PT1M",
    "URL, https://a.example/x?y=1, a.example",
    "URL, ws://[::1]:80, ftp://a",
    "JSON, '{\"a\": [1, null]}', '{a}'",
    "JSON, '\"x\"', '[1] 2'",
    "JSON, '[{}]', '{\"a\":1,\"a\":2}'"
  })
  void everyTypeTakesItsValuesAndNoOthers(String type, String good, String bad) {
    define(definition("t", SettingType.valueOf("SETTING_TYPE_" + type)));
    set("t", good);
    assertThat(get("t", "").getValue()).isEqualTo(good);
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> set("t", bad));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"type\": 7}",
        "{\"minimum\": \"x\"}",
        "{\"$ref\": \"http://127.0.0.1:9/schema\"}",
        "{\"$ref\": \"#/nowhere\"}",
        "{\"$ref\": \"classpath:/logback.xml\"}",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}"
      })
  void whatIsNoSchemaIsRefused(String schema) {
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> define(definition("s", SettingType.SETTING_TYPE_JSON).setSchema(schema)));
  }

  @Test
  void aDurationIsShownToItsSchemaAsSeconds() {
    define(
        definition("d", SettingType.SETTING_TYPE_DURATION)
            .setSchema("{\"minimum\": 0.5, \"maximum\": 3600}")
            .setDefaultValue("1h"));
    set("d", "500ms");
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> set("d", "499ms"));
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> set("d", "2h"));
  }

  @Test
  void aSchemaThatStoredValuesBreakIsRefusedAndNamesThem() {
    var definition = definition("n", SettingType.SETTING_TYPE_INT);
    define(definition);
    apply(change("n", "", "5"), change("n", "prod", "50"), change("n", "test", "7"));
    assertProblem(
            Code.FAILED_PRECONDITION,
            "SCHEMA_VIOLATED",
            () -> replace(definition.clone().setSchema("{\"minimum\": 6, \"maximum\": 10}"), ""))
        .containsEntry("key", "n")
        .containsEntry("environments", "all,prod");
    assertThat(get("n").getSchema()).isEmpty();
    var replaced = replace(definition.setSchema("{\"minimum\": 5}"), "1");
    assertThat(replaced.getEtag()).isEqualTo("2");
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> set("n", "4"));
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> replace(definition, "1"));
  }

  @Test
  void aDefaultThatTheSchemaForbidsIsRefused() {
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () ->
            define(
                definition("n", SettingType.SETTING_TYPE_INT)
                    .setSchema("{\"minimum\": 6}")
                    .setDefaultValue("5")));
  }

  @Test
  void typeAndSensitivityStay() {
    define(definition("n", SettingType.SETTING_TYPE_INT));
    for (var other :
        List.of(
            definition("n", SettingType.SETTING_TYPE_STRING),
            definition("n", SettingType.SETTING_TYPE_INT).setSensitive(true))) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> replace(other, ""));
    }
  }

  @Test
  void whatIsNotInUseHasItsDefault() {
    var definition = definition("n", SettingType.SETTING_TYPE_INT).setDefaultValue("1");
    define(definition);
    set("n", "2");
    replace(definition.setInactive(true), "");
    assertThat(get("n", "").getValue()).isEqualTo("1");
    assertThat(get("n", "").getLayer()).isEqualTo(SettingLayer.SETTING_LAYER_DEFAULT);
    replace(definition.setInactive(false), "");
    assertThat(get("n", "").getValue()).isEqualTo("2");
  }

  @Test
  void aDeletedDefinitionTakesItsValuesAlongAndLeavesItsHistory() {
    define(definition("n", SettingType.SETTING_TYPE_INT));
    set("n", "2");
    var deletion = DeleteSettingDefinitionRequest.newBuilder().setKey("n").build();
    definitions.deleteSettingDefinition(deletion);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get("n"));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> definitions.deleteSettingDefinition(deletion));
    define(definition("n", SettingType.SETTING_TYPE_STRING));
    assertThat(get("n", "").hasValue()).isFalse();
    assertThat(history("n"))
        .extracting(entry -> entry.split(" ")[0] + entry.split(" ")[2])
        .containsExactly("4n@", "3n@", "3n@all", "2n@all", "1n@");
  }

  @Test
  void anotherTenantsDefinitionIsNotThere() {
    define(definition("n", SettingType.SETTING_TYPE_INT));
    newTenant();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get("n"));
    assertThat(walk("", 10)).isEmpty();
  }

  private SettingDefinition get(String key) {
    return definitions.getSettingDefinition(
        GetSettingDefinitionRequest.newBuilder().setKey(key).build());
  }

  private SettingDefinition replace(SettingDefinition.Builder definition, String etag) {
    return definitions.updateSettingDefinition(
        UpdateSettingDefinitionRequest.newBuilder()
            .setDefinition(definition.clone().setEtag(etag))
            .build());
  }

  private List<String> walk(String prefix, int size) {
    var keys = new ArrayList<String>();
    var request =
        ListSettingDefinitionsRequest.newBuilder().setPageSize(size).setKeyPrefix(prefix).build();
    while (true) {
      var page = definitions.listSettingDefinitions(request);
      page.getDefinitionsList().forEach(definition -> keys.add(definition.getKey()));
      if (page.getNextPageToken().isEmpty()) {
        return keys;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
  }
}
