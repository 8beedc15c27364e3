package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.settings.secret.Envelope;
import dev.agentserver.settings.secret.Keyring;
import dev.agentserver.settings.secret.Sealing;
import dev.agentserver.settings.secret.StoredSecret;
import dev.agentserver.settings.secret.Undecryptable;
import dev.agentserver.settings.secret.WrappedKey;
import dev.agentserver.settings.secret.wrapper.EnvironmentKey;
import dev.agentserver.settings.v1.ApplyChangesRequest;
import dev.agentserver.settings.v1.ExportConfigRequest;
import dev.agentserver.settings.v1.GetConfigRequest;
import dev.agentserver.settings.v1.ScheduleChangesRequest;
import dev.agentserver.settings.v1.SettingType;
import dev.agentserver.settings.v1.UpdateSettingDefinitionRequest;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SensitiveTest extends ConfigTest {
  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  @BeforeEach
  void define() {
    define(
        definition("smtp.password", SettingType.SETTING_TYPE_STRING)
            .setSensitive(true)
            .setSchema("{\"minLength\": 4}"));
  }

  @Test
  void aSensitiveValueIsNeverShownAndNamedByItsFingerprint() {
    var done = set("smtp.password", "hunter2!");
    var difference = done.getDifferences(0);
    assertThat(difference.hasAfter()).isFalse();
    assertThat(difference.getAfterFingerprint()).hasSize(32);
    var read = get("smtp.password", "prod");
    assertThat(read.hasValue()).isFalse();
    assertThat(read.getSensitive()).isTrue();
    assertThat(read.getFingerprint()).isEqualTo(difference.getAfterFingerprint());
    assertThat(history("smtp.password")).startsWith("2 CHANGE smtp.password@all -");
    var past = config.getConfig(GetConfigRequest.newBuilder().setRevision(2).build());
    assertThat(past.getSettings(0).hasValue()).isFalse();
    assertThat(past.getSettings(0).getFingerprint()).isEqualTo(read.getFingerprint());
    var exported = config.exportConfig(ExportConfigRequest.getDefaultInstance());
    assertThat(exported.getContent()).doesNotContain("smtp");
    assertThat(exported.getWithheldList()).containsExactly("smtp.password");
  }

  @Test
  void theSameValueIsNoChangeAndAnotherTenantsFingerprintIsAnother() {
    set("smtp.password", "hunter2!");
    assertThat(set("smtp.password", "hunter2!").getDifferencesList()).isEmpty();
    var fingerprint = get("smtp.password", "").getFingerprint();
    newTenant();
    define();
    set("smtp.password", "hunter2!");
    assertThat(get("smtp.password", "").getFingerprint()).isNotEqualTo(fingerprint);
  }

  @Test
  void aSchemaIsCheckedAgainstItAndTheRefusalDoesNotQuoteIt() {
    set("smtp.password", "hunter2!");
    var narrower =
        UpdateSettingDefinitionRequest.newBuilder()
            .setDefinition(
                definition("smtp.password", SettingType.SETTING_TYPE_STRING)
                    .setSensitive(true)
                    .setSchema("{\"const\": \"other\"}"))
            .build();
    var refusal =
        org.assertj.core.api.Assertions.catchThrowable(
            () -> definitions.updateSettingDefinition(narrower));
    assertThat(refusal).hasMessageContaining("all").hasMessageNotContaining("hunter2");
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> set("smtp.password", "abc"));
  }

  @Test
  void itIsNowhereInClear() {
    var canary = "canary-" + UUID.randomUUID();
    try (var logs = LogCapture.of("dev.agentserver")) {
      for (var dry : List.of(true, false)) {
        config.applyChanges(
            ApplyChangesRequest.newBuilder()
                .addChanges(change("smtp.password", "", canary))
                .setDryRun(dry)
                .setRequestId("r" + dry)
                .build());
      }
      config.scheduleChanges(
          ScheduleChangesRequest.newBuilder()
              .addChanges(change("smtp.password", "prod", canary + "-later"))
              .setApplyAt(Timestamps.fromMillis(System.currentTimeMillis() + 3_600_000))
              .setRequestId("later")
              .build());
      assertThat(logs.lines()).noneMatch(line -> line.getFormattedMessage().contains(canary));
    }
    var bytes = canary.getBytes(StandardCharsets.UTF_8);
    var traces =
        List.of(
            canary,
            HexFormat.of().formatHex(bytes),
            Base64.getEncoder().withoutPadding().encodeToString(bytes));
    var tables =
        service.column("select tablename from pg_tables where schemaname = current_schema()");
    assertThat(tables).contains("setting_value", "scheduled_item", "idempotency_key");
    var rows =
        tables.stream()
            .flatMap(table -> service.column("select t::text from " + table + " t").stream())
            .toList();
    assertThat(rows).isNotEmpty();
    assertThat(traces.stream().flatMap(trace -> found(rows, trace))).isEmpty();
    // The search itself works.
    assertThat(found(rows, "smtp.password")).isNotEmpty();
  }

  private static Stream<String> found(List<String> rows, String trace) {
    return rows.stream().filter(row -> row.contains(trace));
  }

  private static SecretValues values() {
    var keyring = new Keyring(new EnvironmentKey(new Secret(KEY)), List.of());
    return new SecretValues(new Envelope(keyring), new Secret(KEY), new Sealing(new Secret(KEY)));
  }

  @Test
  void aValueOpensAtItsPlaceOnly() {
    var values = values();
    var sealed = values.seal("hunter2!", "here");
    assertThat(values.open(sealed, "here")).isEqualTo("hunter2!");
    assertThatExceptionOfType(Undecryptable.class).isThrownBy(() -> values.open(sealed, "there"));
    set("smtp.password", "hunter2!");
    var row =
        service
            .column(
                "select encode(sealed, 'hex') || ' ' || revision || ' ' || kek_id || ' ' || encode(wrapped_dek, 'hex')"
                    + " from setting_value where tenant_id = '%s'"
                        .formatted(owner.caller().tenantId()))
            .getFirst()
            .split(" ");
    var key = new WrappedKey(row[2], 1, HexFormat.of().parseHex(row[3]));
    var stored = new StoredSecret(HexFormat.of().parseHex(row[0]), key);
    var place = "setting|" + owner.caller().tenantId() + "|smtp.password|all|";
    assertThat(values.open(stored, place + row[1])).isEqualTo("hunter2!");
    assertThatExceptionOfType(Undecryptable.class)
        .isThrownBy(() -> values.open(stored, place + "1"));
  }

  @Test
  void whatWasSealedBeforeThereWereDataKeysOpensAndIsBroughtUnderOne() {
    set("smtp.password", "hunter2!");
    var tenant = owner.caller().tenantId();
    config.scheduleChanges(
        ScheduleChangesRequest.newBuilder()
            .addChanges(change("smtp.password", "prod", "sesame!!"))
            .setApplyAt(Timestamps.fromMillis(System.currentTimeMillis() + 3_600_000))
            .setRequestId("later")
            .build());
    var sealing = new Sealing(new Secret(KEY));
    var revision =
        service
            .column("select revision from setting_value where tenant_id = '" + tenant + "'")
            .getFirst();
    var scheduled =
        service
            .column("select scheduled_id from scheduled_item where tenant_id = '" + tenant + "'")
            .getFirst();
    before(
        "setting_value",
        sealing.seal("hunter2!", "setting|" + tenant + "|smtp.password|all|" + revision));
    before(
        "scheduled_item",
        sealing.seal("sesame!!", "scheduled|" + tenant + "|" + scheduled + "|smtp.password@prod"));
    // It is the same value still.
    assertThat(set("smtp.password", "hunter2!").getDifferencesList()).isEmpty();
    var narrower =
        UpdateSettingDefinitionRequest.newBuilder()
            .setDefinition(
                definition("smtp.password", SettingType.SETTING_TYPE_STRING)
                    .setSensitive(true)
                    .setSchema("{\"const\": \"hunter2!\"}"))
            .build();
    definitions.updateSettingDefinition(narrower);
    service.rewrap();
    for (var table : List.of("setting_value", "scheduled_item")) {
      assertThat(
              service.column(
                  "select 1 from " + table + " where sealed is not null and kek_id is null"))
          .isEmpty();
    }
    // And opens as before: the schema is checked against it.
    definitions.updateSettingDefinition(narrower);
    service.sql(
        "update scheduled_change set apply_at = now() where scheduled_id = '" + scheduled + "'");
    Await.until(
        "it is made",
        () ->
            service
                .column(
                    "select state from scheduled_change where scheduled_id = '" + scheduled + "'")
                .getFirst()
                .equals("FAILED"));
    assertThat(
            service
                .column(
                    "select failure from scheduled_change where scheduled_id = '" + scheduled + "'")
                .getFirst())
        .contains("smtp.password@prod")
        .doesNotContain("sesame");
  }

  /// Makes the tenant's row what it was before there were data keys.
  private void before(String table, byte[] sealed) {
    service.sql(
        "update %s set sealed = decode('%s', 'hex'), kek_id = null, kek_version = null, wrapped_dek = null where tenant_id = '%s'"
            .formatted(table, HexFormat.of().formatHex(sealed), owner.caller().tenantId()));
  }

  @Test
  void itHasNoDefaultAndIsNotPublic() {
    var secret = definition("other", SettingType.SETTING_TYPE_STRING).setSensitive(true);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> define(secret.clone().setDefaultValue("x")))
        .field("definition.default_value");
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> define(secret.clone().setPublic(true)))
        .field("definition.public");
  }
}
