package dev.agentserver.settings.oidc;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {
  private Trusting here;

  @BeforeAll
  void start() {
    here =
        new Trusting(
            """
            "allowed_domains": ["Example.com"],
            "roles": {"claim": "/realm/groups", "values": {"staff": "MEMBER", "chiefs": "ADMIN", "owners": "TENANT_OWNER", "strange": "STRANGE"}},
            "default_role": "VIEWER",
            """);
  }

  @AfterAll
  void stop() {
    here.close();
  }

  private User me(String accessToken) {
    return here.service.access(accessToken).getMe(GetMeRequest.getDefaultInstance()).getUser();
  }

  /// A token that says which groups its user is in.
  private String inGroups(String subject, Duration later, String... groups) {
    var saidAt = Date.from(here.clock.instant().plus(later));
    return here.provider.sign(
        here.provider
            .claims(subject)
            .issueTime(saidAt)
            .claim("realm", Map.of("groups", List.of(groups))));
  }

  private void assertRefused(String cause, String token) {
    assertProblem(Code.PERMISSION_DENIED, "SIGN_IN_REFUSED", () -> here.signIn(token))
        .containsEntry("cause", cause);
  }

  private List<String> rows(String query) {
    return here.service.database().rows(query);
  }

  @Test
  void aUserSignsInThroughTheProvider() {
    var idToken =
        here.provider.signIn(
            "alice",
            Map.of("email", "Alice@Example.com", "email_verified", true, "name", "Alice A."));
    var token = here.service.oidcToken(idToken);

    var alice = me(token);
    assertThat(alice.getName()).isEqualTo("Alice A.");
    assertThat(alice.getEmail()).isEqualTo("Alice@Example.com");
    assertThat(alice.getRolesList()).containsExactly("VIEWER");
    assertThat(alice.getExternalIssuer()).isEqualTo(here.provider.issuer());
    assertThat(alice.getExternalSubject()).isEqualTo("alice");
    var caller = IssuedToken.of(token).caller();
    assertThat(caller.tenantId()).isEqualTo(here.tenantId);
    assertThat(here.signIn(here.provider.token("alice")).principalId())
        .as("the same user again")
        .isEqualTo(caller.principalId());
    assertThat(
            rows(
                "select count(*) from audit_entry where action = 'user.create_by_oidc' and resource_id = '"
                    + alice.getId()
                    + "'"))
        .containsExactly("1");
  }

  @Test
  void theTokenEndsWithTheProviders() {
    var end = here.clock.instant().plusSeconds(90);
    var claims = here.provider.claims("brief").expirationTime(Date.from(end));

    assertThat(here.signIn(here.provider.sign(claims)).expiresAt())
        .isEqualTo(end.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
  }

  @Test
  void manyWhoSignInAtOnceMakeOneUser() {
    var token = here.provider.token("crowd");
    var ids = new ConcurrentLinkedQueue<UUID>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 64; i++) {
        threads.submit(() -> ids.add(here.signIn(token).principalId()));
      }
    }

    assertThat(ids).hasSize(64);
    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(rows("select count(*) from user_account where external_subject = 'crowd'"))
        .containsExactly("1");
  }

  @Test
  void anAddressThatIsSomebodysDoesNotLeadToTheirAccount() {
    var first = here.signIn(here.provider.token("first"));
    var claims = here.provider.claims("second").claim("email", "FIRST@example.com");
    var token = here.service.oidcToken(here.provider.sign(claims));

    assertThat(me(token).getId()).isNotEqualTo(first.principalId().toString());
    assertThat(me(token).getEmail()).isEmpty();
  }

  @Test
  void anAddressNobodyHasVerifiedOrOfAnotherDomainIsRefused() {
    var claims = here.provider.claims("mallory");
    assertRefused("EMAIL_NOT_VERIFIED", here.provider.sign(claims.claim("email_verified", false)));
    assertRefused("EMAIL_NOT_VERIFIED", here.provider.sign(claims.claim("email_verified", null)));
    claims.claim("email_verified", true);
    for (var elsewhere :
        List.of("m@example.org", "m@sub.example.com", "m@example.com.evil.org", "m@xexample.com")) {
      assertRefused("DOMAIN_NOT_ALLOWED", here.provider.sign(claims.claim("email", elsewhere)));
    }
    for (var none : List.of("example.com", "a@b@example.com", "m@evil.org\n@example.com", "")) {
      assertRefused("EMAIL_NOT_VERIFIED", here.provider.sign(claims.claim("email", none)));
    }
    assertThat(rows("select user_id from user_account where external_subject = 'mallory'"))
        .isEmpty();
  }

  @Test
  void aSuspendedUserIsRefusedAndHearsWhy() {
    var token = here.provider.token("suspended");
    var id = here.signIn(token).principalId();
    here.service
        .database()
        .sql("update user_account set state = 'SUSPENDED' where user_id = '" + id + "'");

    assertRefused("USER_SUSPENDED", token);
  }

  @Test
  void theProviderSaysTheRolesAndTakesThemBack() {
    var before = here.service.oidcToken(inGroups("carol", Duration.ZERO, "chiefs", "others"));
    assertThat(me(before).getRolesList()).containsExactly("ADMIN");

    var after = here.service.oidcToken(inGroups("carol", Duration.ofMinutes(1), "staff"));

    assertThat(me(after).getRolesList()).containsExactly("MEMBER");
    assertThat(IssuedToken.of(after).caller().may("access:write")).isFalse();
    Await.until("what was lost is revoked", () -> here.service.refuses(before));
    assertThat(me(after).getRolesList()).as("the new one is good").containsExactly("MEMBER");
    assertThat(
            rows(
                "select count(*) from audit_entry where action = 'user.roles_by_oidc'"
                    + " and resource_id = '"
                    + me(after).getId()
                    + "'"))
        .containsExactly("1");
  }

  @Test
  void whatAProviderSaidBeforeDoesNotOverruleWhatCameLater() {
    var old = inGroups("dave", Duration.ofMinutes(-5), "chiefs");
    here.signIn(inGroups("dave", Duration.ofMinutes(1), "staff"));

    assertThat(here.signIn(old).roles()).containsExactly("MEMBER");
  }

  @Test
  void theLastOwnerStaysOne() {
    var sole = here.signIn(inGroups("erin", Duration.ZERO, "owners"));
    assertThat(sole.roles()).containsExactly("TENANT_OWNER");
    here.service
        .database()
        .sql(
            "update user_account set state = 'SUSPENDED' where user_id = '%s'"
                .formatted(here.tenant.ownerId()));

    var demoted = inGroups("erin", Duration.ofMinutes(1), "staff");
    assertProblem(Code.FAILED_PRECONDITION, "LAST_OWNER", () -> here.signIn(demoted));

    here.service
        .database()
        .sql(
            "update user_account set state = 'ACTIVE' where user_id = '%s'"
                .formatted(here.tenant.ownerId()));
    assertThat(here.signIn(demoted).roles()).containsExactly("MEMBER");
  }

  @Test
  void aRoleThatTheTenantHasNotIsRefused() {
    assertRefused("ROLE_UNKNOWN", inGroups("frank", Duration.ZERO, "strange"));
    assertThat(rows("select user_id from user_account where external_subject = 'frank'")).isEmpty();
  }

  @Test
  void aTenantThatIsNotThereIsRefused() {
    try (var nowhere = new Trusting("")) {
      nowhere.service.database().sql("delete from organization");
      assertProblem(
              Code.PERMISSION_DENIED,
              "SIGN_IN_REFUSED",
              () -> nowhere.signIn(nowhere.provider.token("alice")))
          .containsEntry("cause", "NO_TENANT");
    }
  }

  /// As Envoy's question about a call does.
  @Test
  void aTokenOfAProviderIsABearerWhereProvidersAreKnown() {
    assertThat(me(here.provider.token("heidi")).getExternalSubject()).isEqualTo("heidi");
    assertProblem(
        Code.UNAUTHENTICATED,
        "UNAUTHENTICATED",
        () -> me(here.provider.sign(here.provider.claims("heidi").audience("somebody"))));
  }

  @Test
  void aTokenIsInNoTableAndInNoLog() {
    try (var log = LogCapture.of("dev.agentserver")) {
      var token = here.provider.token("ghost");
      here.signIn(token);
      here.service.flushSightings();

      assertThat(here.service.everything()).contains("ghost").doesNotContain(token);
      assertThat(log.lines().toString()).doesNotContain(token);
    }
  }
}
