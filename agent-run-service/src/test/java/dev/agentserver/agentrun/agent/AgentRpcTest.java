package dev.agentserver.agentrun.agent;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentIntegration;
import dev.agentserver.agentrun.v1.AgentStep;
import dev.agentserver.agentrun.v1.AgentTool;
import dev.agentserver.agentrun.v1.AgentTool.Permission;
import dev.agentserver.agentrun.v1.AgentVersion;
import dev.agentserver.agentrun.v1.AgentView;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.DeleteAgentRequest;
import dev.agentserver.agentrun.v1.GetAgentRequest;
import dev.agentserver.agentrun.v1.GetAgentVersionRequest;
import dev.agentserver.agentrun.v1.ListAgentVersionsRequest;
import dev.agentserver.agentrun.v1.UpdateAgentRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentRpcTest extends CatalogueTest {
  private static Struct json(String name, String value) {
    return Struct.newBuilder()
        .putFields(name, Value.newBuilder().setStringValue(value).build())
        .build();
  }

  private Agent.Builder whole() {
    var github = service.settings().integration("github", true);
    return Agent.newBuilder()
        .setName("Reviewer")
        .setDescription("reads")
        .setIcon("R")
        .setCategory("code")
        .setGoal("fewer faults")
        .putMetadata("team", "a")
        .setConfig(
            AgentConfig.newBuilder()
                .setModel("m-1")
                .setProvider("anthropic")
                .setInstructions("Be kind.")
                .setTemperature(0.3)
                .setMaxTokens(500)
                .setSettings(json("stop", "\u0000END"))
                .addSteps(AgentStep.newBuilder().setName("read").setConfig(json("depth", "2")))
                .addSteps(AgentStep.newBuilder().setName("write").setInstructions("short"))
                .addTools(
                    AgentTool.newBuilder()
                        .setToolId(service.settings().tool(github))
                        .setPermission(Permission.PERMISSION_ASK)
                        .setCustomConfig(json("repo", "x")))
                .addTools(
                    AgentTool.newBuilder()
                        .setToolId(service.settings().tool(""))
                        .setIsEnabled(false))
                .addIntegrations(
                    AgentIntegration.newBuilder()
                        .setIntegrationId(github)
                        .setIsRequired(true)
                        .setSettings(json("branch", "main"))));
  }

  private static Agent update(
      dev.agentserver.agentrun.v1.AgentServiceGrpc.AgentServiceBlockingStub somebody,
      Agent.Builder agent,
      String... mask) {
    return somebody.updateAgent(
        UpdateAgentRequest.newBuilder()
            .setAgent(agent)
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(mask)))
            .build());
  }

  private static AgentVersion version(
      dev.agentserver.agentrun.v1.AgentServiceGrpc.AgentServiceBlockingStub somebody,
      String id,
      int version) {
    return somebody.getAgentVersion(
        GetAgentVersionRequest.newBuilder().setAgentId(id).setVersion(version).build());
  }

  @Test
  void anAgentIsReadAsItWasWritten() {
    var draft = whole();
    var made = create(alice, draft);
    var found = get(alice, made.getId());

    assertThat(found).isEqualTo(made);
    assertThat(made.getOwnerId()).isEqualTo(aliceCaller.principalId().toString());
    assertThat(made.getCurrentVersion()).isEqualTo(1);
    assertThat(made.getMetadataMap()).containsEntry("team", "a");
    var config = made.getConfig();
    assertThat(config.getStepsList()).isEqualTo(draft.getConfig().getStepsList());
    assertThat(config.getTemperature()).isEqualTo(0.3);
    assertThat(config.getMaxTokens()).isEqualTo(500);
    assertThat(config.getSettings()).isEqualTo(json("stop", "\uFFFDEND"));
    assertThat(config.getTools(0).getPermission()).isEqualTo(Permission.PERMISSION_ASK);
    assertThat(config.getTools(0).getCustomConfig()).isEqualTo(json("repo", "x"));
    assertThat(config.getTools(0).getIntegrationId())
        .isEqualTo(draft.getConfig().getIntegrations(0).getIntegrationId());
    assertThat(config.getTools(1).getPermission()).isEqualTo(Permission.PERMISSION_ALLOW);
    assertThat(config.getTools(1).getIsEnabled()).isFalse();
    assertThat(config.getIntegrations(0).getIsEnabled()).isTrue();
    assertThat(config.getIntegrations(0).getIsRequired()).isTrue();
    assertThat(config.getIntegrations(0).getSettings()).isEqualTo(json("branch", "main"));
  }

  @Test
  void creatingTwiceWithOneRequestIdMakesOneAgentAndOneReply() {
    var request = CreateAgentRequest.newBuilder().setAgent(whole()).setRequestId("r-1").build();
    var first = alice.createAgent(request);

    assertThat(alice.createAgent(request)).isEqualTo(first);
  }

  @Test
  void whatAVersionHoldsMakesANewVersionAndNothingElseDoes() {
    var made = create(alice, whole());
    var id = made.getId();

    var renamed = update(alice, Agent.newBuilder().setId(id).setName("Critic"), "name");
    assertThat(renamed.getCurrentVersion()).isEqualTo(1);
    var same = update(alice, made.toBuilder().clearEtag().setName("Critic"), "config", "name");
    assertThat(same.getCurrentVersion()).isEqualTo(1);
    assertThat(same.getEtag()).isEqualTo(renamed.getEtag());

    var changed =
        update(
            alice,
            Agent.newBuilder().setId(id).setConfig(AgentConfig.newBuilder().setModel("m-2")),
            "config.model",
            "config.temperature");
    assertThat(changed.getCurrentVersion()).isEqualTo(2);
    assertThat(changed.getConfig())
        .isEqualTo(made.getConfig().toBuilder().setModel("m-2").clearTemperature().build());

    var without =
        alice.updateAgent(
            UpdateAgentRequest.newBuilder()
                .setAgent(
                    Agent.newBuilder()
                        .setId(id)
                        .setGoal("none")
                        .setConfig(AgentConfig.newBuilder().setInstructions("Be brief.")))
                .build());
    assertThat(without.getCurrentVersion()).isEqualTo(3);
    assertThat(without.getGoal()).isEqualTo("none");
    assertThat(without.getConfig().getModel()).isEqualTo("m-2");

    assertThat(version(alice, id, 1).getConfig()).isEqualTo(made.getConfig());
    assertThat(version(alice, id, 2).getConfig()).isEqualTo(changed.getConfig());
    assertThat(version(alice, id, 3).getConfig()).isEqualTo(without.getConfig());
  }

  @Test
  void versionsAreListedTheNewestFirstPageByPage() {
    var id = create(alice, "many").getId();
    for (var i = 2; i <= 5; i++) {
      update(
          alice,
          Agent.newBuilder().setId(id).setConfig(AgentConfig.newBuilder().setModel("m" + i)),
          "config.model");
    }
    var request = ListAgentVersionsRequest.newBuilder().setAgentId(id).setPageSize(3);
    var first = alice.listAgentVersions(request.build());
    var second = alice.listAgentVersions(request.setPageToken(first.getNextPageToken()).build());

    assertThat(first.getVersionsList())
        .extracting(AgentVersion::getVersion)
        .containsExactly(5, 4, 3);
    assertThat(second.getVersionsList()).extracting(AgentVersion::getVersion).containsExactly(2, 1);
    assertThat(second.getNextPageToken()).isEmpty();
  }

  @Test
  void aMalformedConfigIsRefusedAndTheFieldIsNamed() {
    var tool = service.settings().tool("");
    var twice = AgentTool.newBuilder().setToolId(tool);
    assertInvalid(
        AgentConfig.newBuilder().addTools(twice).addTools(twice), "agent.config.tools[1].tool_id");
    assertInvalid(
        AgentConfig.newBuilder().addTools(AgentTool.newBuilder().setToolId("search")),
        "agent.config.tools[0].tool_id");
    assertInvalid(
        AgentConfig.newBuilder()
            .addTools(twice)
            .addTools(AgentTool.newBuilder().setToolId(UUID.randomUUID().toString())),
        "agent.config.tools[1].tool_id");
    assertInvalid(
        AgentConfig.newBuilder()
            .addIntegrations(
                AgentIntegration.newBuilder().setIntegrationId(UUID.randomUUID().toString())),
        "agent.config.integrations[0].integration_id");
    assertInvalid(AgentConfig.newBuilder().setTemperature(2.5), "agent.config.temperature");
    assertInvalid(
        AgentConfig.newBuilder().addSteps(AgentStep.getDefaultInstance()),
        "agent.config.steps[0].name");
    assertInvalid(
        AgentConfig.newBuilder()
            .addSteps(
                AgentStep.newBuilder().setName("s").setConfig(json("big", "x".repeat(17_000)))),
        "agent.config.steps[0].config");
    assertInvalid(
        AgentConfig.newBuilder()
            .setSettings(
                Struct.newBuilder()
                    .putFields("n", Value.newBuilder().setNumberValue(Double.NaN).build())),
        "agent.config.settings");
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> create(alice, ""))
        .field("agent.name");
  }

  private void assertInvalid(AgentConfig.Builder config, String field) {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> create(alice, Agent.newBuilder().setName("x").setConfig(config)))
        .field(field);
  }

  @Test
  void requiredIntegrationsThatAreNotInUseAreNamed() {
    var idle = service.settings().integration("idle", false);
    var absent = UUID.randomUUID().toString();
    var config =
        AgentConfig.newBuilder()
            .addIntegrations(
                AgentIntegration.newBuilder().setIntegrationId(idle).setIsRequired(true))
            .addIntegrations(
                AgentIntegration.newBuilder().setIntegrationId(absent).setIsRequired(true));

    assertProblem(
            Code.FAILED_PRECONDITION,
            "INTEGRATION_NOT_CONNECTED",
            () -> create(alice, Agent.newBuilder().setName("x").setConfig(config)))
        .containsEntry("integrations", idle + "," + absent);
    var later = create(alice, "later");
    assertProblem(
        Code.FAILED_PRECONDITION,
        "INTEGRATION_NOT_CONNECTED",
        () -> update(alice, later.toBuilder().setConfig(config), "config"));
    assertThat(get(alice, later.getId())).isEqualTo(later);
  }

  @Test
  void theLegacyViewHasTheSelectedToolsInsideTheIntegrations() {
    var made = create(alice, whole());
    var legacy =
        alice.getAgent(
            GetAgentRequest.newBuilder()
                .setAgentId(made.getId())
                .setView(AgentView.AGENT_VIEW_LEGACY_CONFIG)
                .build());

    var integration =
        legacy
            .getAgentConfig()
            .getFieldsOrThrow("integrations")
            .getListValue()
            .getValues(0)
            .getStructValue();
    assertThat(integration.getFieldsOrThrow("id").getStringValue())
        .isEqualTo(made.getConfig().getIntegrations(0).getIntegrationId());
    assertThat(integration.getFieldsOrThrow("selectedTools").getListValue().getValuesList())
        .extracting(Value::getStringValue)
        .containsExactly(made.getConfig().getTools(0).getToolId());
    assertThat(integration.getFieldsOrThrow("settings").getStructValue())
        .isEqualTo(json("branch", "main"));
  }

  @Test
  void anAgentIsItsOwnersUnlessItIsShared() {
    var made = create(alice, "mine");
    assertGone(bob, made.getId());

    var shared =
        update(
            alice,
            made.toBuilder().setVisibility(Agent.Visibility.VISIBILITY_TENANT),
            "visibility");
    assertThat(get(bob, made.getId()).getName()).isEqualTo("mine");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> update(bob, shared.toBuilder().setName("theirs"), "name"));
    assertGone(agents(service.caller(UUID.randomUUID(), "TENANT_OWNER")), made.getId());
  }

  @Test
  void aStaleEtagIsRefused() {
    var made = create(alice, "etag");
    update(alice, made.toBuilder().setName("new"), "name");

    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () -> update(alice, made.toBuilder().setName("newer"), "name"));
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () ->
            alice.deleteAgent(
                DeleteAgentRequest.newBuilder()
                    .setAgentId(made.getId())
                    .setEtag(made.getEtag())
                    .build()));
  }

  @Test
  void aDeletedAgentIsGoneAndItsVersionsStay() {
    var made = create(alice, whole().setExternalId("ext"));
    alice.deleteAgent(DeleteAgentRequest.newBuilder().setAgentId(made.getId()).build());

    assertGone(alice, made.getId());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> version(alice, made.getId(), 1));
    assertThat(
            service.column(
                "select model from agent_version where agent_id = '" + made.getId() + "'"))
        .containsExactly("m-1");
    assertThat(create(alice, Agent.newBuilder().setName("again").setExternalId("ext")).getId())
        .isNotEqualTo(made.getId());
  }

  @Test
  void idsAndExternalIdsAreTakenOnce() {
    var id = UUID.randomUUID().toString();
    var made = create(alice, Agent.newBuilder().setId(id).setName("first").setExternalId("e-1"));
    assertThat(made.getId()).isEqualTo(id);

    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> create(bob, Agent.newBuilder().setId(id).setName("second")));
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> create(bob, Agent.newBuilder().setName("second").setExternalId("e-1")));
  }
}
