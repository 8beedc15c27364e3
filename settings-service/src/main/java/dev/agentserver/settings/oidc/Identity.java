package dev.agentserver.settings.oidc;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.oidc.Issuer.Tenants;
import dev.agentserver.settings.oidc.ProviderTokens.Proven;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Whom a provider's token stands for, by the rules for its issuer.
///
/// @param email empty: none that the provider has verified
/// @param roles in the order of their names
record Identity(UUID tenantId, String subject, String email, String name, Set<String> roles) {
  private static final int LONGEST_SUBJECT = 255;
  private static final int LONGEST_EMAIL = 320;
  private static final int LONGEST_NAME = 255;

  /// Fails with Refused where the rules let this user not in.
  static Identity of(Proven token) {
    var issuer = token.issuer();
    var claims = new ClaimReader(token.claims());
    var names = issuer.claims();
    var subject =
        claims
            .text(names.subject())
            .filter(text -> text.length() <= LONGEST_SUBJECT && text.indexOf('\0') < 0)
            .orElseThrow(() -> malformed(names.subject()));
    return new Identity(
        tenant(claims, issuer),
        subject,
        email(claims, issuer),
        clean(claims.text(names.name()).orElse("")),
        roles(claims, issuer));
  }

  private static UUID tenant(ClaimReader claims, Issuer issuer) {
    return switch (issuer.tenants()) {
      case Tenants.One(var tenantId) -> tenantId;
      case Tenants.ByClaim(var claim, var byValue) ->
          claims
              .text(claim)
              .map(value -> byValue.isEmpty() ? uuidOrNull(value) : byValue.get(value))
              .orElseThrow(
                  () -> refused("NO_TENANT", "the token's " + claim + " names no tenant here"));
    };
  }

  private static UUID uuidOrNull(String value) {
    try {
      return UUID.fromString(value);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /// An address that the provider has not verified may be anybody's, so it counts as none.
  private static String email(ClaimReader claims, Issuer issuer) {
    var names = issuer.claims();
    var email =
        claims.text(names.email()).filter(text -> text.length() <= LONGEST_EMAIL).orElse("");
    var verified = !email.isEmpty() && claims.isTrue(names.emailVerified()) && isAddress(email);
    if (issuer.allowedDomains().isEmpty()) {
      return verified ? email : "";
    }
    if (!verified) {
      throw refused("EMAIL_NOT_VERIFIED", "the token has no e-mail address that is verified");
    }
    var domain = email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    if (!issuer.allowedDomains().contains(domain)) {
      throw refused("DOMAIN_NOT_ALLOWED", "addresses of " + domain + " may not sign in here");
    }
    return email;
  }

  private static boolean isAddress(String text) {
    return text.matches("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+");
  }

  private static Set<String> roles(ClaimReader claims, Issuer issuer) {
    var rules = issuer.roles();
    var roles = new TreeSet<String>();
    if (rules.claim() != null) {
      for (var value : claims.texts(rules.claim())) {
        var role = rules.byValue().get(value);
        if (role != null) {
          roles.add(role);
        }
      }
    }
    if (roles.isEmpty() && rules.fallback() == null) {
      throw refused("NO_ROLE", "the token's " + rules.claim() + " names no role here");
    }
    return roles.isEmpty() ? Set.of(rules.fallback()) : roles;
  }

  private static String clean(String name) {
    var text = name.replace('\0', '\uFFFD');
    return text.codePointCount(0, text.length()) <= LONGEST_NAME
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_NAME));
  }

  private static RuntimeException malformed(String claim) {
    return new Problem.Unauthenticated(
            "UNAUTHENTICATED", "the OIDC token's " + claim + " is no id of a user")
        .raise();
  }

  /// The token is good, but not for this.
  static RuntimeException refused(String cause, String message) {
    return new Problem.Refused("SIGN_IN_REFUSED", message, Map.of("cause", cause)).raise();
  }
}
