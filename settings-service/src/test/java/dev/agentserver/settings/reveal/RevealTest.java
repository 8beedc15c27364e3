package dev.agentserver.settings.reveal;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.v1.RunGrant;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.run.AgentRuns;
import dev.agentserver.settings.v1.CreateCredentialRequest;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.CredentialServiceGrpc;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.RevealForRunRequest;
import dev.agentserver.settings.v1.RevealRequest;
import dev.agentserver.settings.v1.RevealResponse;
import dev.agentserver.settings.v1.RevealedSecret;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import dev.agentserver.settings.v1.SecretAccessServiceGrpc;
import dev.agentserver.settings.v1.SecretAccessServiceGrpc.SecretAccessServiceBlockingStub;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who gets secrets, from the service with its own identity and a server that knows runs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevealTest {
  private static final String REVEAL = "Reveal";
  private static final String FOR_RUN = "RevealForRun";

  private final AtomicInteger count = new AtomicInteger();
  private AgentRuns runs;
  private Live service;
  private Live.Tenant tenant;
  private UUID provider;
  private UUID integration;
  private String tenantToken;

  @BeforeAll
  void start() {
    runs = new AgentRuns();
    service = new Live(Map.of("PORT", "0", "AGENT_RUN_TARGET", runs.target()));
    runs.trust(service);
    tenant = service.tenant();
    tenantToken = service.token(tenant.ownerKey());
    provider = owner("provider", tenant.id());
    integration = owner("integration", tenant.id());
    keep(tenantToken, provider(provider), "api_key", "canary-provider-key");
    keep(tenantToken, integration(integration), "token", "canary-integration-token");
    keep(tenantToken, integration(integration), "webhook", "canary-integration-webhook");
  }

  @AfterAll
  void stop() {
    service.close();
    runs.close();
  }

  // What there is.

  private UUID owner(String table, UUID tenantId) {
    var id = UUID.randomUUID();
    service
        .database()
        .sql(
            """
            insert into %s (tenant_id, id, name, display_name, base_url, active, version, created_at, updated_at)
            values ('%s', '%s', '%s', '', '', true, 1, now(), now())
            """
                .formatted(table, tenantId, id, "name-" + count.incrementAndGet()));
    return id;
  }

  private String name(UUID provider) {
    return service
        .database()
        .rows("select name from provider where id = '%s'".formatted(provider))
        .getFirst();
  }

  private static Credential.Builder provider(UUID id) {
    return Credential.newBuilder().setProviderId(id.toString());
  }

  private static Credential.Builder integration(UUID id) {
    return Credential.newBuilder().setIntegrationId(id.toString());
  }

  private Credential keep(String token, Credential.Builder of, String field, String value) {
    return CredentialServiceGrpc.newBlockingStub(service.as(token))
        .createCredential(
            CreateCredentialRequest.newBuilder()
                .setCredential(of.setField(field).setValue(value))
                .setRequestId("r-" + count.incrementAndGet())
                .build());
  }

  // Who asks.

  private SecretAccessServiceBlockingStub as(String token) {
    return SecretAccessServiceGrpc.newBlockingStub(service.as(token));
  }

  private static RevealRequest.Builder of(Live.Tenant whose) {
    return RevealRequest.newBuilder().setTenantId(whose.id().toString());
  }

  /// The token of a run of the tenant's owner, which may use what the grant names.
  private String run(String runId, long epoch) {
    return RunTokenServiceGrpc.newBlockingStub(service.as(service.serviceToken()))
        .issueRunToken(
            IssueRunTokenRequest.newBuilder()
                .setTenantId(tenant.id().toString())
                .setUserId(tenant.ownerId().toString())
                .setRunId(runId)
                .setLeaseEpoch(epoch)
                .build())
        .getToken();
  }

  private RunGrant.Builder grant() {
    return RunGrant.newBuilder().setUserId(tenant.ownerId().toString());
  }

  private void lease(String runId, long epoch, RunGrant.Builder grant) {
    runs.lease(tenant.id().toString(), runId, epoch, grant);
  }

  private static RevealForRunRequest provided(UUID id) {
    return RevealForRunRequest.newBuilder().setProviderId(id.toString()).build();
  }

  private static RevealForRunRequest integrated(UUID id) {
    return RevealForRunRequest.newBuilder().setIntegrationId(id.toString()).build();
  }

  private static List<String> secrets(RevealResponse response) {
    return response.getSecretsList().stream()
        .map(each -> each.getField() + "=" + each.getValue())
        .sorted()
        .toList();
  }

  /// What the tenant's trail has of a method by one credential, as "outcome reason resource".
  private List<String> audited(String method, String credentialId) {
    return service
        .database()
        .rows(
            "select outcome || ' ' || reason || ' ' || resource from audit_entry where tenant_id = '%s' and action like '%%SecretAccessService/%s' and credential_id = '%s' order by id"
                .formatted(tenant.id(), method, credentialId));
  }

  @Test
  void aServiceGetsWhatItAsksForAndTheTenantCanReadIt() {
    var token = service.serviceToken();
    var before = audited(REVEAL, IssuedToken.of(token).caller().credentialId()).size();
    assertThat(secrets(as(token).reveal(of(tenant).setProviderId(provider.toString()).build())))
        .containsExactly("api_key=canary-provider-key");
    var both = as(token).reveal(of(tenant).setIntegrationId(integration.toString()).build());
    assertThat(secrets(both))
        .containsExactly("token=canary-integration-token", "webhook=canary-integration-webhook");
    var one =
        as(token)
            .reveal(
                of(tenant).setIntegrationId(integration.toString()).setField("webhook").build());
    assertThat(secrets(one)).containsExactly("webhook=canary-integration-webhook");
    assertThat(audited(REVEAL, IssuedToken.of(token).caller().credentialId()).stream().skip(before))
        .as("one entry for each secret")
        .hasSize(4)
        .containsOnly("DONE  credential");
  }

  @Test
  void whatIsNotThereOrNotInUseIsNotRevealed() {
    var token = service.serviceToken();
    var elsewhere = service.tenant();
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> as(token).reveal(of(elsewhere).setProviderId(provider.toString()).build()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> as(token).reveal(of(tenant).setProviderId(integration.toString()).build()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            as(token)
                .reveal(of(tenant).setProviderId(provider.toString()).setField("other").build()));
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> as(token).reveal(of(tenant).build()))
        .field("owner");
    var unused = owner("integration", tenant.id());
    keep(tenantToken, integration(unused), "token", "canary-unused");
    service.database().sql("update integration set active = false where id = '" + unused + "'");
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> as(token).reveal(of(tenant).setIntegrationId(unused.toString()).build()));
  }

  @Test
  void whatHasExpiredIsLeftOutUnlessItIsNamed() {
    var token = service.serviceToken();
    var own = owner("provider", tenant.id());
    keep(tenantToken, provider(own), "old", "canary-old");
    keep(tenantToken, provider(own), "new", "canary-new");
    service
        .database()
        .sql("update credential set expires_at = now() - interval '1 day' where field = 'old'");
    service
        .database()
        .sql("update credential set expires_at = '2099-01-01T00:00:00Z' where field = 'new'");
    var all = as(token).reveal(of(tenant).setProviderId(own.toString()).build());
    assertThat(all.getSecretsList())
        .containsExactly(
            RevealedSecret.newBuilder()
                .setField("new")
                .setValue("canary-new")
                .setExpiresAt(Timestamp.newBuilder().setSeconds(4_070_908_800L))
                .build());
    assertProblem(
        Code.FAILED_PRECONDITION,
        "CREDENTIAL_EXPIRED",
        () -> as(token).reveal(of(tenant).setProviderId(own.toString()).setField("old").build()));
  }

  @Test
  void nobodyButAServiceMayRevealAndEveryAttemptIsWrittenDown() {
    var request = of(tenant).setProviderId(provider.toString()).build();
    assertProblem(Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> as("").reveal(request));
    var runId = UUID.randomUUID().toString();
    lease(runId, 1, grant().addProviderNames(name(provider)));
    var callers =
        List.of(
            tenantToken,
            tenant.ownerKey(),
            service.token(tenant.ownerKey(), "reveals", "ADMIN"),
            service.token(tenant.ownerKey(), "reveals-2", "WORKER"),
            run(runId, 1));
    for (var caller : callers) {
      assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> as(caller).reveal(request));
    }
    Await.until(
        "the refusals are written",
        () -> audited(REVEAL, runId).equals(List.of("REFUSED PERMISSION_DENIED ")));
    assertThat(
            audited(REVEAL, IssuedToken.of(tenantToken).caller().credentialId()).stream()
                .filter(each -> each.startsWith("REFUSED")))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aRunGetsWhatItsAgentNamesAndNothingElse() {
    var runId = UUID.randomUUID().toString();
    var other = owner("integration", tenant.id());
    keep(tenantToken, integration(other), "token", "canary-not-named");
    lease(
        runId,
        1,
        grant().addProviderNames(name(provider)).addIntegrationIds(integration.toString()));
    var run = as(run(runId, 1));

    assertThat(secrets(run.revealForRun(provided(provider))))
        .containsExactly("api_key=canary-provider-key");
    assertThat(
            secrets(
                run.revealForRun(integrated(integration).toBuilder().setField("token").build())))
        .containsExactly("token=canary-integration-token");
    assertProblem(
            Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> run.revealForRun(integrated(other)))
        .containsEntry("permission", "run:integration");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> run.revealForRun(provided(UUID.randomUUID())));
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> run.revealForRun(provided(integration)));
    Await.until("the refusals are written", () -> audited(FOR_RUN, runId).size() == 5);
    assertThat(audited(FOR_RUN, runId))
        .containsExactlyInAnyOrder(
            "DONE  credential",
            "DONE  credential",
            "REFUSED PERMISSION_DENIED ",
            "REFUSED PERMISSION_DENIED ",
            "REFUSED PERMISSION_DENIED ");
    assertThat(runs.callers())
        .as("asked by a service, not by the run")
        .allMatch(caller -> caller.kind() == Kind.SERVICE);
  }

  @Test
  void aProviderOfThePlatformWorksAndNothingOfAnotherTenantDoes() {
    var platform = IssuedToken.of(service.token(service.platformKey())).caller().tenantId();
    var beneath = owner("provider", platform);
    var foreign = service.tenant();
    var hidden = owner("provider", foreign.id());
    var hiddenIntegration = owner("integration", platform);
    keepOfThePlatform(beneath, platform, "canary-platform-key");
    keep(service.token(foreign.ownerKey()), provider(hidden), "api_key", "canary-foreign");
    var runId = UUID.randomUUID().toString();
    lease(
        runId,
        1,
        grant()
            .addProviderNames(name(beneath))
            .addProviderNames(name(hidden))
            .addIntegrationIds(hiddenIntegration.toString()));
    var run = as(run(runId, 1));

    assertThat(secrets(run.revealForRun(provided(beneath))))
        .containsExactly("api_key=canary-platform-key");
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> run.revealForRun(provided(hidden)));
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> run.revealForRun(integrated(hiddenIntegration)));
  }

  /// Keeps a credential in the platform's tenant, as its administrator with the right role does.
  private void keepOfThePlatform(UUID owner, UUID platform, String value) {
    var admin = service.token(service.platformKey());
    service
        .database()
        .sql(
            "insert into user_role (tenant_id, user_id, role_name) values ('%s', '%s', 'TENANT_OWNER') on conflict do nothing"
                .formatted(platform, IssuedToken.of(admin).caller().principalId()));
    keep(service.token(service.platformKey()), provider(owner), "api_key", value);
  }

  @Test
  void aLeaseThatIsLostRevealsNothingMore() {
    var runId = UUID.randomUUID().toString();
    lease(runId, 1, grant().addProviderNames(name(provider)));
    var first = as(run(runId, 1));
    assertThat(first.revealForRun(provided(provider)).getSecretsCount()).isEqualTo(1);

    lease(runId, 2, grant().addProviderNames(name(provider)));
    assertProblem(
            Code.FAILED_PRECONDITION, "LEASE_LOST", () -> first.revealForRun(provided(provider)))
        .containsEntry("id", runId);
    var second = as(run(runId, 2));
    assertThat(second.revealForRun(provided(provider)).getSecretsCount()).isEqualTo(1);

    runs.end(tenant.id().toString(), runId);
    assertProblem(
        Code.FAILED_PRECONDITION, "LEASE_LOST", () -> second.revealForRun(provided(provider)));
    assertThat(audited(FOR_RUN, runId))
        .containsExactly(
            "DONE  credential", "REFUSED LEASE_LOST ", "DONE  credential", "REFUSED LEASE_LOST ");
  }

  @Test
  void aRunOfSomebodyElseIsNotThisTokens() {
    var runId = UUID.randomUUID().toString();
    lease(
        runId,
        1,
        RunGrant.newBuilder()
            .setUserId(UUID.randomUUID().toString())
            .addProviderNames(name(provider)));
    assertProblem(
        Code.FAILED_PRECONDITION,
        "LEASE_LOST",
        () -> as(run(runId, 1)).revealForRun(provided(provider)));
  }

  @Test
  void onlyTheTokenOfARunIsTakenForARun() {
    var asked = runs.callers().size();
    assertProblem(
        Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> as("").revealForRun(provided(provider)));
    for (var caller : List.of(tenantToken, tenant.ownerKey(), service.serviceToken())) {
      assertProblem(
          Code.PERMISSION_DENIED,
          "PERMISSION_DENIED",
          () -> as(caller).revealForRun(provided(provider)));
    }
    assertThat(runs.callers()).as("nobody is asked about them").hasSize(asked);
  }

  @Test
  void whatWasRevealedStaysNowhere() {
    var runId = UUID.randomUUID().toString();
    lease(runId, 1, grant().addProviderNames(name(provider)));
    try (var log = LogCapture.of("dev.agentserver")) {
      as(run(runId, 1)).revealForRun(provided(provider));
      as(service.serviceToken()).reveal(of(tenant).setProviderId(provider.toString()).build());
      assertThat(log.lines()).noneMatch(line -> line.getFormattedMessage().contains("canary"));
    }
    assertThat(service.everything()).doesNotContain("canary");
  }
}
