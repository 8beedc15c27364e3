package dev.agentserver.settings.integration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Fewest;
import dev.agentserver.settings.outbound.Answering;
import dev.agentserver.settings.registry.RegistryTest;
import dev.agentserver.settings.v1.BatchGetIntegrationsRequest;
import dev.agentserver.settings.v1.CreateIntegrationRequest;
import dev.agentserver.settings.v1.DeleteIntegrationRequest;
import dev.agentserver.settings.v1.GetIntegrationRequest;
import dev.agentserver.settings.v1.GetLegacyConfigRequest;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.ListIntegrationsRequest;
import dev.agentserver.settings.v1.TestIntegrationRequest;
import dev.agentserver.settings.v1.TestIntegrationResponse;
import dev.agentserver.settings.v1.TestIntegrationResponse.Outcome;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.UpdateIntegrationRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class IntegrationRpcTest extends RegistryTest {
  private final Answering allowed =
      Answering.plainly(Answering.saying("HTTP/1.1 204 No Content\r\n\r\n"));
  private final Answering forbidden =
      Answering.plainly(Answering.saying("HTTP/1.1 200 OK\r\n\r\n"));

  @Override
  protected Map<String, String> variables() {
    return Map.of("INTEGRATION_ALLOWED_HOSTS", "LocalHost:" + allowed.port());
  }

  @AfterAll
  void stopAnswering() {
    allowed.close();
    forbidden.close();
  }

  @Test
  void whatWasMadeIsReadChangedAndDeleted() {
    var made =
        integration(
            owner,
            Integration.newBuilder()
                .setName("github")
                .setDisplayName("GitHub")
                .setBaseUrl("https://api.github.example")
                .putSettings("organization", "acme")
                .putSettings("page", "50"));
    assertThat(made.getActive()).isTrue();
    assertThat(get(made)).isEqualTo(made);
    assertThat(rows(made)).containsExactly("organization=acme", "page=50");
    var changed = update(Integration.newBuilder().setId(made.getId()).putSettings("page", "10"));
    assertThat(changed.getSettingsMap()).containsExactly(Map.entry("page", "10"));
    assertThat(changed.getDisplayName()).isEqualTo("GitHub");
    assertThat(rows(made)).containsExactly("page=10");
    assertThat(update(changed.toBuilder())).isEqualTo(changed);
    assertProblem(
        Code.ABORTED, "STALE_VERSION", () -> update(made.toBuilder().setDisplayName("x")));
    var off = update(Integration.newBuilder().setId(made.getId()).setActive(false));
    assertThat(off.getActive()).isFalse();
    assertThat(audited(owner, "UpdateIntegration", made.getId())).hasSize(2);
    integrations(owner)
        .deleteIntegration(
            DeleteIntegrationRequest.newBuilder().setIntegrationId(made.getId()).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(made));
    assertThat(rows(made)).isEmpty();
    assertThat(audited(owner, "DeleteIntegration", made.getId())).hasSize(1);
  }

  @Test
  void aRetryMakesOneOfThem() {
    var request =
        CreateIntegrationRequest.newBuilder()
            .setIntegration(Integration.newBuilder().setName("github").putSettings("a", "b"))
            .setRequestId("r")
            .build();
    var first = integrations(owner).createIntegration(request);
    assertThat(integrations(owner).createIntegration(request)).isEqualTo(first);
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> integration(owner, Integration.newBuilder().setName("github")));
  }

  @Test
  void settingsHaveASize() {
    var settings = Integration.newBuilder().setName("large");
    for (var i = 0; i < 5; i++) {
      settings.putSettings("k" + i, "x".repeat(4_000));
    }
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> integration(owner, settings))
        .field("integration.settings");
    assertThat(integration(owner, settings.removeSettings("k0")).getSettingsCount()).isEqualTo(4);
  }

  @Test
  void severalAreReadAtOnceAndThoseThatAreMissingAreNamed() {
    var one = integration(owner, Integration.newBuilder().setName("one").putSettings("a", "b"));
    var two = integration(owner, Integration.newBuilder().setName("two").setActive(false));
    var nobody = UUID.randomUUID().toString();
    var stranger = service.person(UUID.randomUUID(), "TENANT_OWNER");
    integration(stranger, Integration.newBuilder().setName("theirs"));
    var request =
        BatchGetIntegrationsRequest.newBuilder()
            .addIds(two.getId())
            .addIds(nobody)
            .addNames("one")
            .addNames("two")
            .addNames("theirs")
            .build();
    var found = integrations(owner).batchGetIntegrations(request);
    assertThat(found.getIntegrationsList()).containsExactly(one, two);
    assertThat(found.getMissingList()).containsExactly(nobody, "theirs");
    assertThat(
            Fewest.of(
                () -> service.statements(() -> integrations(owner).batchGetIntegrations(request))))
        .isLessThanOrEqualTo(2);
  }

  @Test
  void integrationsAndTheirToolsAreRenderedAsAgentsHadThemBefore() {
    var github =
        integration(
            owner, Integration.newBuilder().setName("github").putSettings("organization", "acme"));
    integration(owner, Integration.newBuilder().setName("off").setActive(false));
    for (var name : List.of("tool2", "tool1")) {
      tool(owner, Tool.newBuilder().setName(name).setIntegrationId(github.getId()));
    }
    tool(owner, Tool.newBuilder().setName("old").setIntegrationId(github.getId()).setActive(false));
    tool(owner, Tool.newBuilder().setName("nobodys"));
    var request =
        GetLegacyConfigRequest.newBuilder()
            .addIds(github.getId())
            .addIds(UUID.randomUUID().toString())
            .addNames("off")
            .build();
    assertThat(integrations(owner).getLegacyConfig(request))
        .isEqualTo(
            json(
                """
                {"integrations": [{"id": "%s", "selectedTools": ["tool1", "tool2"],
                  "settings": {"organization": "acme"}}]}
                """
                    .formatted(github.getId())));
  }

  @Test
  void listsArePagedByName() {
    var all = List.of("a", "b", "c", "d");
    all.reversed().forEach(name -> integration(owner, Integration.newBuilder().setName(name)));
    for (var size = 1; size <= all.size() + 1; size++) {
      assertThat(walk(size)).as("pages of " + size).isEqualTo(all);
    }
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertThat(walk(10)).isEmpty();
  }

  @Test
  void whatIsAnotherTenantsIsNotThere() {
    var theirs = integration(owner, Integration.newBuilder().setName("theirs"));
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(theirs));
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> update(theirs.toBuilder().setDisplayName("mine")));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> test(theirs));
  }

  @Test
  void aHostThatTheOperatorAllowsIsAsked() {
    var integration =
        integration(
            owner,
            Integration.newBuilder()
                .setName("inner")
                .setBaseUrl("http://localhost:" + allowed.port() + "/health"));
    var before = allowed.asked();
    var result = test(integration);
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_ANSWERED);
    assertThat(result.getHttpStatus()).isEqualTo(204);
    assertThat(allowed.asked()).isEqualTo(before + 1);
    assertThat(audited(owner, "TestIntegration", integration.getId()))
        .containsExactly("DONE: base_url,outcome");
  }

  @Test
  void othersInsideAreNot() {
    for (var url :
        List.of(
            "http://localhost:" + forbidden.port(),
            "http://127.0.0.1:" + allowed.port(),
            "http://127.0.0.1",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::ffff:127.0.0.1]/",
            "https://10.0.0.1/")) {
      var integration =
          integration(
              owner, Integration.newBuilder().setName("n" + UUID.randomUUID()).setBaseUrl(url));
      assertThat(test(integration).getOutcome()).as(url).isEqualTo(Outcome.OUTCOME_NOT_ALLOWED);
    }
    assertThat(forbidden.asked()).isZero();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> test(integration(owner, Integration.newBuilder().setName("nowhere"))))
        .field("integration.base_url");
  }

  private Integration get(Integration integration) {
    return integrations(owner)
        .getIntegration(
            GetIntegrationRequest.newBuilder().setIntegrationId(integration.getId()).build());
  }

  private Integration update(Integration.Builder integration) {
    return integrations(owner)
        .updateIntegration(
            UpdateIntegrationRequest.newBuilder().setIntegration(integration).build());
  }

  private TestIntegrationResponse test(Integration integration) {
    return integrations(owner)
        .testIntegration(
            TestIntegrationRequest.newBuilder().setIntegrationId(integration.getId()).build());
  }

  private List<String> rows(Integration integration) {
    return service.column(
        "select key || '=' || value from integration_setting where integration_id = '"
            + integration.getId()
            + "' order by key");
  }

  private List<String> walk(int size) {
    var names = new ArrayList<String>();
    var request = ListIntegrationsRequest.newBuilder().setPageSize(size).build();
    while (true) {
      var page = integrations(owner).listIntegrations(request);
      page.getIntegrationsList().forEach(each -> names.add(each.getName()));
      if (page.getNextPageToken().isEmpty()) {
        return names;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
  }
}
