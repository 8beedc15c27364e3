package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.v1.ConfigFormat;
import dev.agentserver.settings.v1.ExportConfigRequest;
import dev.agentserver.settings.v1.ImportConfigRequest;
import dev.agentserver.settings.v1.ImportConfigResponse;
import dev.agentserver.settings.v1.Setting;
import dev.agentserver.settings.v1.SettingType;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTest extends ConfigTest {
  private void defineAll() {
    define(definition("text", SettingType.SETTING_TYPE_STRING));
    define(definition("page.size", SettingType.SETTING_TYPE_INT));
    define(definition("rate", SettingType.SETTING_TYPE_DECIMAL));
    define(definition("on", SettingType.SETTING_TYPE_BOOL));
    define(definition("wait", SettingType.SETTING_TYPE_DURATION));
    define(definition("json", SettingType.SETTING_TYPE_JSON));
    define(definition("unset", SettingType.SETTING_TYPE_STRING).setDefaultValue("d"));
  }

  @ParameterizedTest
  @EnumSource(names = {"CONFIG_FORMAT_JSON", "CONFIG_FORMAT_ENV"})
  void whatIsWrittenIsReadAsTheSame(ConfigFormat format) {
    defineAll();
    apply(
        change("text", "", "a \"quoted\" $text\n# of 'two' lines \\ \u00e9"),
        change("page.size", "", "9007199254740993"),
        change("rate", "", "0.10"),
        change("on", "prod", "true"),
        change("wait", "", "90s"),
        change("json", "", "{\"a\":[1,null,\"x\"]}"));
    var file = export(format, "prod");
    assertThat(file).doesNotContain("unset").doesNotContain("UNSET");
    var before = values("prod");
    newTenant();
    defineAll();
    var imported = read(format, file, false, false);
    assertThat(imported.getDifferencesCount()).isEqualTo(6);
    assertThat(values("prod")).isEqualTo(before);
    assertThat(read(format, file, false, false).getDifferencesList()).isEmpty();
    assertThat(history("on").getFirst()).contains("IMPORT on@all true");
  }

  private java.util.List<String> values(String environment) {
    return config
        .getConfig(
            dev.agentserver.settings.v1.GetConfigRequest.newBuilder()
                .setEnvironment(environment)
                .build())
        .getSettingsList()
        .stream()
        .filter(setting -> !setting.getPlatform())
        .map(Setting::getValue)
        .toList();
  }

  @Test
  void keysThatAreNotDefinedAreRefusedOrDefined() {
    var file = "{\"a.b\": 1, \"c\": \"x\", \"d\": {\"e\": true}, \"f\": 0.5, \"g\": false}";
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> read(ConfigFormat.CONFIG_FORMAT_JSON, file, false, false));
    var dry = read(ConfigFormat.CONFIG_FORMAT_JSON, file, true, true);
    assertThat(dry.getDefinedList()).containsExactly("a.b", "c", "d", "f", "g");
    assertThat(dry.getRevision()).isZero();
    assertThat(values("")).isEmpty();
    var done = read(ConfigFormat.CONFIG_FORMAT_JSON, file, true, false);
    assertThat(done.getDifferencesList()).isEqualTo(dry.getDifferencesList());
    assertThat(get("d", "").getType()).isEqualTo(SettingType.SETTING_TYPE_JSON);
    assertThat(get("a.b", "").getType()).isEqualTo(SettingType.SETTING_TYPE_INT);
    assertThat(get("d", "").getValue()).isEqualTo("{\"e\":true}");
    assertThat(get("f", "").getValue()).isEqualTo("0.5");
    read(ConfigFormat.CONFIG_FORMAT_JSON, "{\"c\": null}", false, false);
    assertThat(get("c", "").hasValue()).isFalse();
  }

  @Test
  void aFileOfLinesIsReadAsShellsReadIt() {
    var file =
        """
        # a comment
        export DATABASE_URL='postgres://a b#c'
        NAME = plain value # and a comment

        QUOTED="line\\nnext \\"q\\" \\$x"
        EMPTY=
        """;
    read(ConfigFormat.CONFIG_FORMAT_ENV, file, true, false);
    assertThat(get("database_url", "").getValue()).isEqualTo("postgres://a b#c");
    assertThat(get("name", "").getValue()).isEqualTo("plain value");
    assertThat(get("quoted", "").getValue()).isEqualTo("line\nnext \"q\" $x");
    assertThat(get("empty", "").getValue()).isEmpty();
    assertThat(get("empty", "").hasValue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "A='x", "A=\"x\" y", "A=1\nA=2", "1A=x"})
  void brokenLinesAreRefused(String file) {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> read(ConfigFormat.CONFIG_FORMAT_ENV, file, true, false))
        .field("content");
  }

  private String export(ConfigFormat format, String environment) {
    return config
        .exportConfig(
            ExportConfigRequest.newBuilder().setFormat(format).setEnvironment(environment).build())
        .getContent();
  }

  private ImportConfigResponse read(ConfigFormat format, String file, boolean define, boolean dry) {
    return config.importConfig(
        ImportConfigRequest.newBuilder()
            .setFormat(format)
            .setContent(file)
            .setDefineMissing(define)
            .setDryRun(dry)
            .build());
  }
}
