package dev.agentserver.settings.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Harness;
import dev.agentserver.settings.v1.DeleteOrganizationRequest;
import dev.agentserver.settings.v1.GetToolRequest;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.ListModelsRequest;
import dev.agentserver.settings.v1.ModelServiceGrpc;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import dev.agentserver.settings.v1.UpdateToolRequest;
import dev.agentserver.settings.v1.ValidateToolInputRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Two processes on one database that do not tell each other of changes.
class RegistryReplicaTest extends RegistryTest {
  @Override
  protected Map<String, String> variables() {
    return Map.of("EVENTS_DOORBELL", "false");
  }

  @Test
  void aSchemaThatIsChangedInOnePlaceIsWhatEveryReaderSees() {
    try (Harness other = service.replica(variables())) {
      var there = ToolServiceGrpc.newBlockingStub(other.channel(owner.caller()));
      var tool =
          tool(
              owner,
              Tool.newBuilder().setName("t").setInputSchema(json("{\"required\": [\"a\"]}")));
      var get = GetToolRequest.newBuilder().setToolId(tool.getId()).build();
      assertThat(there.getTool(get).getVersion()).isEqualTo(1);
      tools(owner)
          .updateTool(
              UpdateToolRequest.newBuilder()
                  .setTool(
                      Tool.newBuilder()
                          .setId(tool.getId())
                          .setInputSchema(json("{\"required\": [\"b\"]}")))
                  .build());
      assertThat(tools(owner).getTool(get).getVersion()).isEqualTo(2);
      Await.until("it is the newest there too", () -> there.getTool(get).getVersion() == 2);
      var validated =
          there.validateToolInput(
              ValidateToolInputRequest.newBuilder()
                  .setToolId(tool.getId())
                  .setInput(json("{\"a\": 1}"))
                  .build());
      assertThat(validated.getVersion()).isEqualTo(2);
      assertThat(validated.getViolationsCount()).isEqualTo(1);
    }
  }

  @Test
  void aModelOfThePlatformIsOfferedEverywhereSoon() {
    try (Harness other = service.replica(variables())) {
      var platform = platform();
      var there = ModelServiceGrpc.newBlockingStub(other.channel(owner.caller()));
      var request = ListModelsRequest.getDefaultInstance();
      assertThat(there.listModels(request).getModelsList()).isEmpty();
      model(platform, provider(platform, "acme"), "m");
      Await.until("it is offered", () -> there.listModels(request).getModelsCount() == 1);
    }
  }

  @Test
  void anErasedTenantLeavesNothing() {
    var acme = provider(owner, "own");
    model(owner, acme, "m");
    var github =
        integration(owner, Integration.newBuilder().setName("github").putSettings("a", "b"));
    tool(owner, Tool.newBuilder().setName("t").setIntegrationId(github.getId()));
    var id = owner.caller().tenantId().toString();
    var erasure =
        platform()
            .organizations()
            .deleteOrganization(
                DeleteOrganizationRequest.newBuilder().setOrganizationId(id).build());
    var tables =
        List.of(
            "registry_head",
            "provider",
            "model",
            "integration",
            "integration_setting",
            "tool",
            "tool_version");
    for (var table : tables) {
      assertThat(
              service.column("select count(*) from " + table + " where tenant_id = '" + id + "'"))
          .as(table)
          .containsExactly("0");
    }
    assertThat(erasure.getReports(0).getTablesList())
        .filteredOn(each -> each.getRowsRemoved() > 0)
        .extracting("table")
        .containsAll(tables);
  }
}
