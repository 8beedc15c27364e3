package dev.agentserver.agentrun.agent;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentStep;
import dev.agentserver.agentrun.v1.AgentTemplate;
import dev.agentserver.agentrun.v1.AgentTemplateServiceGrpc.AgentTemplateServiceBlockingStub;
import dev.agentserver.agentrun.v1.CreateAgentTemplateRequest;
import dev.agentserver.agentrun.v1.DeleteAgentTemplateRequest;
import dev.agentserver.agentrun.v1.GetAgentTemplateRequest;
import dev.agentserver.agentrun.v1.InstantiateAgentTemplateRequest;
import dev.agentserver.agentrun.v1.ListAgentTemplatesRequest;
import dev.agentserver.agentrun.v1.UpdateAgentTemplateRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TemplateRpcTest extends CatalogueTest {
  private AgentTemplateServiceBlockingStub admin;
  private AgentTemplateServiceBlockingStub member;

  @BeforeAll
  void stubs() {
    admin = templates(service.caller(TENANT, "ADMIN"));
    member = templates(aliceCaller);
  }

  private static AgentTemplate create(
      AgentTemplateServiceBlockingStub somebody, AgentTemplate.Builder template) {
    return somebody.createAgentTemplate(
        CreateAgentTemplateRequest.newBuilder().setAgentTemplate(template).build());
  }

  private static AgentTemplate.Builder analyst() {
    return AgentTemplate.newBuilder()
        .setName("Analyst")
        .setRole("an analyst")
        .setPurpose("to explain figures")
        .setIcon("A")
        .setCategory("data")
        .addCapabilities("charts")
        .addCapabilities("sql")
        .addSteps(AgentStep.newBuilder().setName("read"))
        .addSteps(AgentStep.newBuilder().setName("explain").setInstructions("briefly"));
  }

  private Agent instantiate(AgentTemplate template, Agent.Builder agent) {
    return member.instantiateAgentTemplate(
        InstantiateAgentTemplateRequest.newBuilder()
            .setTemplateId(template.getId())
            .setAgent(agent)
            .build());
  }

  private static AgentTemplate get(AgentTemplateServiceBlockingStub somebody, String id) {
    return somebody.getAgentTemplate(
        GetAgentTemplateRequest.newBuilder().setTemplateId(id).build());
  }

  private static void delete(AgentTemplateServiceBlockingStub somebody, String id) {
    somebody.deleteAgentTemplate(DeleteAgentTemplateRequest.newBuilder().setTemplateId(id).build());
  }

  @Test
  void anAgentHasTheTemplatesValuesWhereItHasNoneOfItsOwn() {
    var template = create(admin, analyst());
    var plain = instantiate(template, Agent.newBuilder());
    var own = instantiate(template, Agent.newBuilder().setName("Mine").setGoal("mine"));

    assertThat(plain.getName()).isEqualTo("Analyst");
    assertThat(plain.getDescription()).isEqualTo("an analyst");
    assertThat(plain.getGoal()).isEqualTo("to explain figures");
    assertThat(plain.getIcon()).isEqualTo("A");
    assertThat(plain.getCategory()).isEqualTo("data");
    assertThat(plain.getConfig().getStepsList()).isEqualTo(template.getStepsList());
    assertThat(plain.getTemplate().getName()).isEqualTo("Analyst");
    assertThat(own.getName()).isEqualTo("Mine");
    assertThat(own.getGoal()).isEqualTo("mine");
    assertThat(own.getDescription()).isEqualTo("an analyst");
    assertThat(get(member, template.getId()).getUsageCount()).isEqualTo(2);
    assertThat(get(member, template.getId()).getEtag()).isEqualTo(template.getEtag());
  }

  @Test
  void aTemplateIsReadAndChangedAsItWasWritten() {
    var template = create(admin, analyst().addRequiredIntegrations("github"));
    assertThat(get(member, template.getId())).isEqualTo(template);

    var request =
        UpdateAgentTemplateRequest.newBuilder()
            .setAgentTemplate(
                AgentTemplate.newBuilder()
                    .setId(template.getId())
                    .setEtag(template.getEtag())
                    .addCapabilities("maps"))
            .setUpdateMask(FieldMask.newBuilder().addPaths("capabilities").addPaths("steps"))
            .build();
    var changed = admin.updateAgentTemplate(request);

    assertThat(changed.getCapabilitiesList()).containsExactly("maps");
    assertThat(changed.getStepsList()).isEmpty();
    assertThat(changed.getRequiredIntegrationsList()).containsExactly("github");
    assertThat(changed.getRole()).isEqualTo("an analyst");
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> admin.updateAgentTemplate(request));
  }

  @Test
  void whatATemplateRequiresMustBeConnected() {
    var template = create(admin, analyst().addRequiredIntegrations("warehouse"));
    assertProblem(
            Code.FAILED_PRECONDITION,
            "INTEGRATION_NOT_CONNECTED",
            () -> instantiate(template, Agent.newBuilder()))
        .containsEntry("integrations", "warehouse");

    var id = service.settings().integration("warehouse", true);
    var integration = instantiate(template, Agent.newBuilder()).getConfig().getIntegrations(0);
    assertThat(integration.getIntegrationId()).isEqualTo(id);
    assertThat(integration.getIsRequired()).isTrue();
  }

  @Test
  void anAgentOutlivesItsTemplate() {
    var template = create(admin, analyst());
    var agent = instantiate(template, Agent.newBuilder());
    delete(admin, template.getId());

    var left = get(alice, agent.getId());
    assertThat(left.getTemplateId()).isEmpty();
    assertThat(left.hasTemplate()).isFalse();
    assertThat(left.getConfig()).isEqualTo(agent.getConfig());
  }

  @Test
  void noAgentsAreMadeFromWhatIsNotActiveOrNotThere() {
    var template = create(admin, analyst().setActive(false));
    assertProblem(
        Code.FAILED_PRECONDITION,
        "TEMPLATE_INACTIVE",
        () -> instantiate(template, Agent.newBuilder()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            create(
                alice,
                Agent.newBuilder().setName("x").setTemplateId(UUID.randomUUID().toString())));
  }

  @Test
  void thePlatformsTemplatesAreSharedWithEveryTenant() {
    var platform = templates(service.caller(UUID.randomUUID(), "PLATFORM_ADMIN", "TENANT_OWNER"));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> create(admin, analyst().setShared(true)));
    var shared = create(platform, analyst().setName("Everybody's").setShared(true));

    var agent = instantiate(shared, Agent.newBuilder());
    assertThat(agent.getTemplateId()).isEqualTo(shared.getId());
    assertThat(get(platform, shared.getId()).getUsageCount()).isEqualTo(1);
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> delete(admin, shared.getId()));
    delete(platform, shared.getId());
    assertThat(get(alice, agent.getId()).getTemplateId()).isEmpty();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(admin, shared.getId()));
  }

  @Test
  void templatesAreListedByNamePageByPage() {
    var tenant = UUID.randomUUID();
    var owner = templates(service.caller(tenant, "TENANT_OWNER"));
    for (var name : List.of("c", "a", "b")) {
      create(owner, analyst().setName(name).setActive(!name.equals("b")));
    }
    var request = ListAgentTemplatesRequest.newBuilder().setPageSize(1);
    var first = owner.listAgentTemplates(request.build());
    var second = owner.listAgentTemplates(request.setPageToken(first.getNextPageToken()).build());

    assertThat(first.getAgentTemplates(0).getName()).isEqualTo("a");
    assertThat(first.getAgentTemplates(0).getStepsList()).isEmpty();
    assertThat(second.getAgentTemplates(0).getName()).isEqualTo("c");
    assertThat(
            owner
                .listAgentTemplates(
                    ListAgentTemplatesRequest.newBuilder().setIncludeInactive(true).build())
                .getAgentTemplatesList())
        .extracting(AgentTemplate::getName)
        .containsExactly("a", "b", "c");
  }
}
