package dev.agentserver.settings.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.oidc.ProviderTokens.Proven;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final UUID TENANT = UUID.fromString("01990000-0000-7000-8000-000000000000");

  private static Identity of(String fields, JWTClaimsSet.Builder claims) {
    var json = "[{\"issuer\": \"https://a.example\", \"audiences\": \"a\", " + fields + "}]";
    return Identity.of(
        new Proven(IssuersFile.parse(json, Profile.PROD).getFirst(), claims.build()));
  }

  private static String fixed(String more) {
    return "\"tenant\": \"" + TENANT + "\"" + more;
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder().subject("alice");
  }

  private static void assertRefused(String cause, Runnable sign) {
    assertThatThrownBy(sign::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(refused.problem())
                    .isInstanceOfSatisfying(
                        Problem.Refused.class,
                        problem -> {
                          assertThat(problem.reason()).isEqualTo("SIGN_IN_REFUSED");
                          assertThat(problem.facts()).containsEntry("cause", cause);
                        }));
  }

  @Test
  void anAddressThatIsNotVerifiedIsNone() {
    var claims = claims().claim("email", "a@example.com");
    assertThat(of(fixed(""), claims).email()).isEmpty();
    assertThat(of(fixed(""), claims.claim("email_verified", false)).email()).isEmpty();
    assertThat(of(fixed(""), claims.claim("email_verified", 1)).email()).isEmpty();
    assertThat(of(fixed(""), claims.claim("email_verified", "true")).email())
        .isEqualTo("a@example.com");
    assertThat(of(fixed(""), claims.claim("email", "no address")).email()).isEmpty();
    assertThat(of(fixed(""), claims.claim("email", List.of("a@example.com"))).email()).isEmpty();
  }

  @Test
  void theTenantComesFromAClaim() {
    var known = "\"tenant\": {\"claim\": \"org\", \"values\": {\"acme\": \"" + TENANT + "\"}}";
    assertThat(of(known, claims().claim("org", "acme")).tenantId()).isEqualTo(TENANT);
    for (var other : new Object[] {"other", TENANT.toString(), null, 7, List.of("acme")}) {
      assertRefused("NO_TENANT", () -> of(known, claims().claim("org", other)));
    }
    var any = "\"tenant\": {\"claim\": \"org\"}";
    assertThat(of(any, claims().claim("org", TENANT.toString())).tenantId()).isEqualTo(TENANT);
    assertRefused("NO_TENANT", () -> of(any, claims().claim("org", "acme")));
  }

  @Test
  void rolesComeFromAClaimOrAreTheDefault() {
    var mapping =
        ", \"roles\": {\"claim\": \"groups\", \"values\": {\"a\": \"ADMIN\", \"v\": \"VIEWER\"}}";
    assertThat(of(fixed(""), claims().claim("groups", "a")).roles()).containsExactly("MEMBER");
    assertThat(of(fixed(mapping), claims().claim("groups", "a")).roles()).containsExactly("ADMIN");
    var several = claims().claim("groups", Arrays.asList("v", "x", null, 7, "a", "a"));
    assertThat(of(fixed(mapping), several).roles()).containsExactly("ADMIN", "VIEWER");
    assertRefused("NO_ROLE", () -> of(fixed(mapping), claims().claim("groups", List.of("x"))));
    assertRefused("NO_ROLE", () -> of(fixed(mapping), claims().claim("groups", Map.of("a", "a"))));
    var fallback = fixed(mapping + ", \"default_role\": \"VIEWER\"");
    assertThat(of(fallback, claims()).roles()).containsExactly("VIEWER");
  }

  @Test
  void claimsLieWhereTheConfigurationSays() {
    var names =
        """
        , "claims": {"subject": "oid", "name": "/profile/shown", "email": "https://a.example/mail", "email_verified": "ok"}
        """;
    var found =
        of(
            fixed(names),
            claims()
                .claim("oid", "42")
                .claim("profile", Map.of("shown", "Alice"))
                .claim("https://a.example/mail", "a@example.com")
                .claim("ok", true));

    assertThat(found)
        .isEqualTo(new Identity(TENANT, "42", "a@example.com", "Alice", found.roles()));
  }

  @Test
  void whatTheDatabaseCannotHoldIsCutOrRefused() {
    var long255 = "\uD83D\uDE00".repeat(255);
    assertThat(of(fixed(""), claims().claim("name", long255 + "x")).name()).isEqualTo(long255);
    assertThat(of(fixed(""), claims().claim("name", "a\0b")).name()).isEqualTo("a\uFFFDb");
    for (var bad : new String[] {"", "a\0b", "x".repeat(256)}) {
      assertThatThrownBy(() -> of(fixed(""), claims().subject(bad)))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("sub");
    }
  }
}
