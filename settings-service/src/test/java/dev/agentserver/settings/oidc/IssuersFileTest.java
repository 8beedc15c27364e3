package dev.agentserver.settings.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.settings.oidc.Issuer.Tenants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IssuersFileTest {
  private static final UUID TENANT = UUID.fromString("01990000-0000-7000-8000-000000000000");
  private static final String LEAST =
      "\"issuer\": \"https://login.example.com\", \"audiences\": [\"web\"], \"tenant\": \""
          + TENANT
          + "\"";

  private static Issuer one(String fields) {
    return IssuersFile.parse("[{" + fields + "}]", Profile.PROD).getFirst();
  }

  @Test
  void littleIsNeeded() {
    var issuer = one(LEAST);

    assertThat(issuer.id()).isEqualTo("https://login.example.com");
    assertThat(issuer.discovery())
        .hasToString("https://login.example.com/.well-known/openid-configuration");
    assertThat(issuer.audiences()).containsExactly("web");
    assertThat(issuer.tenants()).isEqualTo(new Tenants.One(TENANT));
    assertThat(issuer.claims())
        .isEqualTo(new Issuer.ClaimNames("sub", "email", "email_verified", "name"));
    assertThat(issuer.roles()).isEqualTo(new Issuer.Roles("MEMBER", null, Map.of()));
    assertThat(issuer.allowedDomains()).isEmpty();
    assertThat(issuer.algorithms()).containsExactly(JWSAlgorithm.RS256);
  }

  @Test
  void everythingCanBeSaid() {
    var issuer =
        one(
            """
            "issuer": "https://login.example.com/realms/a/",
            "audiences": ["web", "cli"],
            "tenant": {"claim": "org", "values": {"acme": "%s"}},
            "claims": {"subject": "oid", "email": "mail", "email_verified": "mail_ok", "name": "display"},
            "default_role": "VIEWER",
            "roles": {"claim": "/realm_access/roles", "values": {"chiefs": "ADMIN", "staff": "OWN_ROLE"}},
            "allowed_domains": ["Example.com"],
            "algorithms": ["ES256", "EdDSA"]
            """
                .formatted(TENANT));

    assertThat(issuer.discovery())
        .hasToString("https://login.example.com/realms/a/.well-known/openid-configuration");
    assertThat(issuer.tenants()).isEqualTo(new Tenants.ByClaim("org", Map.of("acme", TENANT)));
    assertThat(issuer.claims())
        .isEqualTo(new Issuer.ClaimNames("oid", "mail", "mail_ok", "display"));
    assertThat(issuer.roles())
        .isEqualTo(
            new Issuer.Roles(
                "VIEWER", "/realm_access/roles", Map.of("chiefs", "ADMIN", "staff", "OWN_ROLE")));
    assertThat(issuer.allowedDomains()).containsExactly("example.com");
    assertThat(issuer.algorithms())
        .containsExactlyInAnyOrder(JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
  }

  /// A field is replaced, or added, by the second column; the third says where the fault is.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "issuer | | [0].issuer is missing",
        "issuer | 7 | [0].issuer must be a text",
        "issuer | \"\" | [0].issuer must be a text",
        "issuer | \"login.example.com\" | [0].issuer must be a URL",
        "issuer | \"http://login.example.com\" | [0].issuer must begin with https://",
        "issuer | \"http://localhost:9000\" | [0].issuer must begin with https://",
        "issuer | \"https://a.example?x=1\" | [0].issuer must have no query",
        "issuer | \"https://a b\" | [0].issuer is no URL",
        "audiences | | [0].audiences must name one",
        "audiences | [] | [0].audiences must name one",
        "audiences | [\"a\", 7] | [0].audiences[1] must be a text",
        "tenant | | [0].tenant is missing",
        "tenant | \"acme\" | [0].tenant must be the id of a tenant",
        "tenant | {} | [0].tenant.claim is missing",
        "tenant | {\"claim\": \"org\", \"values\": {\"acme\": \"x\"}} | [0].tenant.values.acme must be the id",
        "claims | {\"mail\": \"x\"} | [0].claims.mail is no field",
        "default_role | \"SERVICE\" | [0].default_role is \"SERVICE\"",
        "default_role | \"PLATFORM_ADMIN\" | [0].default_role is \"PLATFORM_ADMIN\"",
        "default_role | \"member\" | [0].default_role is \"member\"",
        "roles | {\"values\": {}} | [0].roles.claim is missing",
        "roles | {\"claim\": \"groups\"} | [0].roles.values is missing",
        "roles | {\"claim\": \"groups\", \"values\": {\"a\": \"SERVICE\"}} | [0].roles.values.a is \"SERVICE\"",
        "allowed_domains | [\"@example.com\"] | [0].allowed_domains has \"@example.com\"",
        "algorithms | [] | [0].algorithms must name one",
        "algorithms | [\"none\"] | [0].algorithms has \"none\"",
        "algorithms | [\"HS256\"] | [0].algorithms has \"HS256\"",
        "allowed_domain | \"example.com\" | [0].allowed_domain is no field",
      })
  void whatIsWrongIsNamed(String field, String value, String message) {
    var fields =
        new java.util.LinkedHashMap<String, String>(
            Map.of(
                "issuer", "\"https://login.example.com\"",
                "audiences", "\"web\"",
                "tenant", "\"" + TENANT + "\""));
    fields.put(field, value);
    var json = new StringBuilder();
    fields.forEach(
        (name, text) -> {
          if (text != null) {
            json.append(json.isEmpty() ? "" : ",").append("\"%s\": %s".formatted(name, text));
          }
        });

    assertThatThrownBy(() -> one(json.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("OIDC_ISSUERS_FILE: " + message);
  }

  @Test
  void anIssuerIsThereOnce() {
    assertThatThrownBy(() -> IssuersFile.parse("[{" + LEAST + "}, {" + LEAST + "}]", Profile.PROD))
        .hasMessage("OIDC_ISSUERS_FILE: [1].issuer is there twice");
  }

  @Test
  void whatIsNoListIsRefused() {
    for (var bad : new String[] {"", "{}", "[", "[7]"}) {
      assertThatThrownBy(() -> IssuersFile.parse(bad, Profile.PROD))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("OIDC_ISSUERS_FILE");
    }
  }

  @Test
  void plainHttpIsForLoopbackInDevelopment() {
    for (var host : new String[] {"localhost", "127.0.0.1:9000", "[::1]:9000"}) {
      var fields = LEAST.replace("https://login.example.com", "http://" + host);
      assertThat(IssuersFile.parse("[{" + fields + "}]", Profile.DEV)).hasSize(1);
      assertThatThrownBy(() -> one(fields)).hasMessageContaining("[0].issuer");
    }
    var elsewhere = LEAST.replace("https://", "http://");
    assertThatThrownBy(() -> IssuersFile.parse("[{" + elsewhere + "}]", Profile.DEV))
        .hasMessageContaining("[0].issuer");
  }

  @Test
  void theFileIsNamedByTheEnvironment(@TempDir Path directory) throws Exception {
    assertThat(OidcConfig.from(Environment.of(Map.of())).issuers()).isEmpty();
    var file = Files.writeString(directory.resolve("issuers.json"), "[{" + LEAST + "}]");
    var variables = Map.of("OIDC_ISSUERS_FILE", file.toString());
    assertThat(OidcConfig.from(Environment.of(variables)).issuers()).hasSize(1);
    Files.delete(file);
    assertThatThrownBy(() -> OidcConfig.from(Environment.of(variables)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read");
  }
}
