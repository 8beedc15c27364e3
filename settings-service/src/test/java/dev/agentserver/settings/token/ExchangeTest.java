package dev.agentserver.settings.token;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.v1.BatchCheckPermissionRequest;
import dev.agentserver.settings.v1.CheckPermissionRequest;
import dev.agentserver.settings.v1.CheckPermissionResponse;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.IssueTicketRequest;
import dev.agentserver.settings.v1.TicketCredential;
import io.grpc.Status.Code;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExchangeTest {
  private Live service;
  private Live.Tenant tenant;

  @BeforeAll
  void start() {
    service = new Live();
    tenant = service.tenant();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static Caller caller(String token) {
    return IssuedToken.of(token).caller();
  }

  private static ExchangeTokenRequest key(String text) {
    return ExchangeTokenRequest.newBuilder().setApiKey(text).build();
  }

  private void assertUnknown(String key) {
    assertProblem(
        Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> service.access("").exchangeToken(key(key)));
  }

  @Test
  void aKeyBecomesATokenOfItsUser() {
    var owner = caller(service.token(tenant.ownerKey()));

    assertThat(owner.tenantId()).isEqualTo(tenant.id());
    assertThat(owner.principalId()).isEqualTo(tenant.ownerId());
    assertThat(owner.roles()).containsExactly("TENANT_OWNER");
    assertThat(owner.may("access:write")).isTrue();
    assertThat(owner.credentialId()).isEqualTo(ApiKey.parse(tenant.ownerKey()).get().id());
    var me =
        service.access(service.token(tenant.ownerKey())).getMe(GetMeRequest.getDefaultInstance());
    assertThat(me.getUser().getId()).isEqualTo(tenant.ownerId().toString());
    assertThat(me.getOrganizationId()).isEqualTo(tenant.id().toString());
    assertThat(me.getPermissionsList()).contains("access:write");
  }

  @Test
  void aKeyWorksAtTheServiceDirectly() {
    var me = service.access(tenant.ownerKey()).getMe(GetMeRequest.getDefaultInstance());

    assertThat(me.getUser().getId()).isEqualTo(tenant.ownerId().toString());
    assertProblem(
        Code.UNAUTHENTICATED,
        "UNAUTHENTICATED",
        () -> service.access(tenant.ownerKey() + "x").getMe(GetMeRequest.getDefaultInstance()));
  }

  @Test
  void everythingThatIsNoKeyOfOursIsRefusedAlike() {
    var mine = ApiKey.parse(tenant.ownerKey()).get();
    var random = new SecureRandom();
    for (var wrong :
        List.of(
            "nonsense",
            tenant.ownerKey() + "x",
            ApiKey.generate("dev", random).format(),
            new ApiKey("dev", mine.id(), "0".repeat(40)).format(),
            service.serviceCredential())) {
      assertUnknown(wrong);
    }
    var asService =
        ExchangeTokenRequest.newBuilder().setServiceCredential(tenant.ownerKey()).build();
    assertProblem(
        Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> service.access("").exchangeToken(asService));
  }

  @Test
  void aServiceCarriesNoTenantAndNoPermission() {
    var found = caller(service.serviceToken());

    assertThat(found.kind()).isEqualTo(Caller.Kind.SERVICE);
    assertThat(found.tenantId()).isNull();
    assertThat(found.permissions()).isEmpty();
  }

  @Test
  void aSuspendedUserAndAnExpiredKeyAreRefused() {
    var other = service.tenant();
    service.token(other.ownerKey());
    service
        .database()
        .sql("update user_account set state = 'SUSPENDED' where tenant_id = '" + other.id() + "'");
    assertUnknown(other.ownerKey());

    var third = service.tenant();
    service
        .database()
        .sql(
            "update api_key set expires_at = now() + interval '90 s' where tenant_id = '"
                + third.id()
                + "'");
    var token = IssuedToken.of(service.token(third.ownerKey()));
    assertThat(token.expiresAt())
        .as("a token ends with its key")
        .isBefore(service.clock().instant().plusSeconds(200));
    service
        .database()
        .sql("update api_key set expires_at = now() where tenant_id = '" + third.id() + "'");
    assertUnknown(third.ownerKey());
  }

  @Test
  void scopesNarrowWhatAKeyMayDo() {
    var created =
        service
            .keys(service.token(tenant.ownerKey()))
            .createApiKey(
                CreateApiKeyRequest.newBuilder()
                    .setName("reader")
                    .addScopes("conversation:read")
                    .build());

    assertThat(caller(service.token(created.getSecret())).permissions())
        .containsExactly("conversation:read");
  }

  @Test
  void useIsNotedBesideTheCalls() {
    var other = service.tenant();
    service.token(other.ownerKey());

    service.flushSightings();

    assertThat(
            service
                .database()
                .rows(
                    "select k.last_used_at is not null and u.last_login_at is not null from api_key k join user_account u using (tenant_id, user_id) where tenant_id = '"
                        + other.id()
                        + "'"))
        .containsExactly("t");
  }

  @Test
  void anApplicationActsForItsUsers() {
    var alice = caller(service.token(tenant.ownerKey(), "alice"));

    assertThat(alice.roles()).containsExactly("MEMBER");
    assertThat(alice.tenantId()).isEqualTo(tenant.id());
    assertThat(alice.mayAny("conversation:read")).isFalse();
    assertThat(caller(service.token(tenant.ownerKey(), "alice", "VIEWER")).principalId())
        .isEqualTo(alice.principalId());
    assertThat(caller(service.token(tenant.ownerKey(), "bob")).principalId())
        .isNotEqualTo(alice.principalId());
  }

  @Test
  void nobodyGivesWhatTheyLack() {
    var issuer =
        service
            .keys(service.token(tenant.ownerKey()))
            .createApiKey(
                CreateApiKeyRequest.newBuilder()
                    .setName("application")
                    .addScopes("token:issue")
                    .addScopes("conversation:read")
                    .addScopes("file:read")
                    .build())
            .getSecret();
    assertThat(caller(service.token(issuer, "carol", "VIEWER")).permissions())
        .containsExactlyInAnyOrder("conversation:read", "file:read");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> service.token(issuer, "carol", "MEMBER"));
    for (var none : List.of("SERVICE", "PLATFORM_ADMIN", "UNSPECIFIED", "KING")) {
      assertProblem(
          Code.INVALID_ARGUMENT,
          "INVALID_ARGUMENT",
          () -> service.token(tenant.ownerKey(), "carol", none));
    }
    var member = service.token(tenant.ownerKey(), "dave");
    var nobody =
        ExchangeTokenRequest.newBuilder()
            .setServiceCredential(service.serviceCredential())
            .setOnBehalfOf(
                dev.agentserver.settings.v1.OnBehalfOf.newBuilder().setExternalSubject("x"))
            .build();
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> service.access(member).exchangeToken(nobody));
  }

  @Test
  void manyWhoSeeSomebodyFirstMakeOneUser() throws Exception {
    var ids = new ConcurrentLinkedQueue<UUID>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 64; i++) {
        threads.submit(
            () -> ids.add(caller(service.token(tenant.ownerKey(), "everybody")).principalId()));
      }
    }

    assertThat(ids).hasSize(64);
    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(
            service
                .database()
                .rows("select count(*) from user_account where external_subject = 'everybody'"))
        .containsExactly("1");
  }

  @Test
  void aTicketReadsAndEndsWithItself() {
    var token = service.token(tenant.ownerKey());
    var ticket =
        service.access(token).issueTicket(IssueTicketRequest.newBuilder().setPath("/v1/a").build());
    var presented =
        ExchangeTokenRequest.newBuilder()
            .setTicket(
                TicketCredential.newBuilder().setTicket(ticket.getTicket()).setPath("/v1/a"));

    var reply = service.access("").exchangeToken(presented.build());

    assertThat(reply.getExpiresAt()).isEqualTo(ticket.getExpiresAt());
    var reader = caller(reply.getAccessToken());
    assertThat(reader.principalId()).isEqualTo(tenant.ownerId());
    assertThat(reader.may("conversation:read")).isTrue();
    assertThat(reader.may("conversation:write")).isFalse();
    presented.getTicketBuilder().setPath("/v1/b");
    assertProblem(
        Code.UNAUTHENTICATED,
        "UNAUTHENTICATED",
        () -> service.access("").exchangeToken(presented.build()));
  }

  @Test
  void permissionsAreCheckedByWhatIsStored() {
    var owner = service.access(service.token(tenant.ownerKey()));
    var member = service.token(tenant.ownerKey(), "erin");
    var memberId = caller(member).principalId().toString();
    var ask = BatchCheckPermissionRequest.newBuilder();
    ask.addChecks(check("access:write", ""));
    ask.addChecks(check("access:write", memberId));
    ask.addChecks(check("conversation:write", memberId));
    ask.addChecks(check("conversation:write", UUID.randomUUID().toString()));

    assertThat(owner.batchCheckPermission(ask.build()).getChecksList())
        .extracting(CheckPermissionResponse::getAllowed)
        .containsExactly(true, false, true, false);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            service
                .access(member)
                .checkPermission(check("access:read", tenant.ownerId().toString()).build()));
    Await.until(
        "a member may ask about itself",
        () ->
            service
                .access(member)
                .checkPermission(check("conversation:read", "").build())
                .getAllowed());
  }

  private static CheckPermissionRequest.Builder check(String permission, String userId) {
    return CheckPermissionRequest.newBuilder().setPermission(permission).setUserId(userId);
  }
}
