package dev.agentserver.settings.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A provider whose tokens are accepted, and what they mean here.
///
/// @param id the issuer as its tokens name it, to the letter
/// @param audiences whom a token must be for; one of them is enough
/// @param allowedDomains of e-mail addresses, in small letters; empty: any, also none
/// @param algorithms what tokens may be signed with, whatever they say themselves
/// @param loopback whether it is on this machine, where plain HTTP will do for development
public record Issuer(
    String id,
    Set<String> audiences,
    Tenants tenants,
    ClaimNames claims,
    Roles roles,
    Set<String> allowedDomains,
    Set<JWSAlgorithm> algorithms,
    boolean loopback) {
  /// Which tenant a user belongs to.
  public sealed interface Tenants {
    /// All of them to this one.
    record One(UUID tenantId) implements Tenants {}

    /// As a claim says.
    ///
    /// @param byValue the tenant of each value; empty: the value is the tenant's id itself
    record ByClaim(String claim, Map<String, UUID> byValue) implements Tenants {}
  }

  /// Where tokens say what is wanted of a user.
  public record ClaimNames(String subject, String email, String emailVerified, String name) {}

  /// What users may do.
  ///
  /// @param fallback the role of who gets none by a claim; null: those are refused
  /// @param claim where the provider says its groups or roles; null: it does not, and roles are
  /// given here
  /// @param byValue the role for each value; others mean nothing
  public record Roles(
      @Nullable String fallback, @Nullable String claim, Map<String, String> byValue) {}

  /// Where its description is.
  URI discovery() {
    var base = id.endsWith("/") ? id.substring(0, id.length() - 1) : id;
    return URI.create(base + "/.well-known/openid-configuration");
  }
}
