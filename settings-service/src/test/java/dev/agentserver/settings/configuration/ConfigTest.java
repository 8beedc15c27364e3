package dev.agentserver.settings.configuration;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.ApplyChangesRequest;
import dev.agentserver.settings.v1.ApplyChangesResponse;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc.ConfigurationServiceBlockingStub;
import dev.agentserver.settings.v1.CreateSettingDefinitionRequest;
import dev.agentserver.settings.v1.GetConfigRequest;
import dev.agentserver.settings.v1.ListSettingHistoryRequest;
import dev.agentserver.settings.v1.Setting;
import dev.agentserver.settings.v1.SettingChange;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingDefinitionServiceGrpc;
import dev.agentserver.settings.v1.SettingDefinitionServiceGrpc.SettingDefinitionServiceBlockingStub;
import dev.agentserver.settings.v1.SettingDifference;
import dev.agentserver.settings.v1.SettingType;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// A tenant of its own for each test, and what every test about configuration does.
abstract class ConfigTest extends ServiceTest {
  protected Person owner;
  protected SettingDefinitionServiceBlockingStub definitions;
  protected ConfigurationServiceBlockingStub config;

  @BeforeEach
  void newTenant() {
    actAs(service.person(UUID.randomUUID(), "TENANT_OWNER"));
  }

  protected void actAs(Person person) {
    owner = person;
    definitions = SettingDefinitionServiceGrpc.newBlockingStub(owner.channel());
    config = ConfigurationServiceGrpc.newBlockingStub(owner.channel());
  }

  /// The owner of the platform's tenant, which there is one of.
  protected Person platform() {
    return service.as(platformOwner());
  }

  private Caller platformOwner() {
    var known =
        service.column(
            "select tenant_id || ' ' || user_id from organization join user_account using"
                + " (tenant_id) where platform");
    if (known.isEmpty()) {
      return service
          .register(TestIdentity.user(UUID.randomUUID(), "PLATFORM_ADMIN", "TENANT_OWNER"))
          .caller();
    }
    var ids = known.getFirst().split(" ");
    return TestIdentity.user(
        UUID.fromString(ids[0]), UUID.fromString(ids[1]), "PLATFORM_ADMIN", "TENANT_OWNER");
  }

  protected SettingDefinition define(SettingDefinition.Builder definition) {
    return definitions.createSettingDefinition(
        CreateSettingDefinitionRequest.newBuilder().setDefinition(definition).build());
  }

  protected static SettingDefinition.Builder definition(String key, SettingType type) {
    return SettingDefinition.newBuilder().setKey(key).setType(type);
  }

  protected ApplyChangesResponse set(String key, String value) {
    return apply(change(key, "", value));
  }

  protected ApplyChangesResponse apply(SettingChange... changes) {
    return config.applyChanges(
        ApplyChangesRequest.newBuilder().addAllChanges(List.of(changes)).build());
  }

  /// @param value null: it is removed
  protected static SettingChange change(String key, String environment, String value) {
    var change = SettingChange.newBuilder().setKey(key).setEnvironment(environment);
    return value == null ? change.build() : change.setValue(value).build();
  }

  protected Setting get(String key, String environment) {
    return config
        .getConfig(
            GetConfigRequest.newBuilder().setEnvironment(environment).setKeyPrefix(key).build())
        .getSettingsList()
        .stream()
        .filter(setting -> setting.getKey().equals(key))
        .findFirst()
        .orElseThrow();
  }

  /// The value as "key@environment before > after"; "-" where there is none.
  protected static String text(SettingDifference difference) {
    return difference.getKey()
        + "@"
        + difference.getEnvironment()
        + " "
        + (difference.hasBefore() ? difference.getBefore() : "-")
        + " > "
        + (difference.hasAfter() ? difference.getAfter() : "-");
  }

  /// The history as "revision kind key@environment value", the newest first.
  protected List<String> history(String key) {
    return config
        .listSettingHistory(ListSettingHistoryRequest.newBuilder().setKey(key).build())
        .getEntriesList()
        .stream()
        .map(
            entry ->
                "%d %s %s@%s %s"
                    .formatted(
                        entry.getRevision(),
                        entry.getKind().name().substring("KIND_".length()),
                        entry.getKey(),
                        entry.getEnvironment(),
                        entry.hasValue() ? entry.getValue() : "-"))
        .toList();
  }
}
