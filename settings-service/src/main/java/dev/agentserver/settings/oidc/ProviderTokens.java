package dev.agentserver.settings.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.problem.Problem;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Verifies tokens of the providers that are trusted: by keys that they publish, and by rules that
/// are ours, never by what a token says of itself.
final class ProviderTokens implements AutoCloseable {
  private static final Duration EARLY = Duration.ofSeconds(30);

  /// What may stand in `typ`: ID tokens and access tokens. Providers sign other things too, such as
  /// notices of a logout.
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private final Map<String, Provider> providers = new HashMap<>();
  private final ProviderHttp http;
  private final Clock clock;

  private record Provider(Issuer issuer, ProviderKeys keys) {}

  /// What a provider has said.
  record Proven(Issuer issuer, JWTClaimsSet claims) {}

  ProviderTokens(OidcConfig config, Clock clock) {
    this.http = new ProviderHttp(config.timeout());
    this.clock = clock;
    for (var issuer : config.issuers()) {
      var discovery = new Discovery(issuer, http, clock);
      providers.put(
          issuer.id(), new Provider(issuer, new ProviderKeys(issuer, http, discovery, config)));
    }
  }

  /// Asks every provider for its keys, beside whatever else happens.
  void warm() {
    for (var provider : providers.values()) {
      Thread.ofVirtual().name("oidc-keys").start(provider.keys()::warm);
    }
  }

  /// Fails with Unauthenticated where the token is not to be trusted, with Unavailable where that
  /// cannot be known now.
  Proven verify(String text) {
    try {
      return switch (JWTParser.parse(text)) {
        case SignedJWT signed -> verify(signed);
        case PlainJWT _ -> throw invalid(" is not signed");
        case JWT _ -> throw invalid(" is encrypted");
      };
    } catch (ParseException malformed) {
      throw invalid(" is malformed");
    }
  }

  private Proven verify(SignedJWT token) throws ParseException {
    var claims = token.getJWTClaimsSet();
    var provider = claims.getIssuer() == null ? null : providers.get(claims.getIssuer());
    if (provider == null) {
      throw invalid(" is from an issuer that is not trusted here");
    }
    checkSignature(token, provider);
    check(claims, provider.issuer());
    return new Proven(provider.issuer(), claims);
  }

  private static void checkSignature(SignedJWT token, Provider provider) {
    var header = token.getHeader();
    if (!provider.issuer().algorithms().contains(header.getAlgorithm())) {
      throw invalid(" is signed with an algorithm that is not allowed for its issuer");
    }
    var type = header.getType();
    if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
      throw invalid(" is neither an ID token nor an access token");
    }
    var keys = provider.keys().matching(bare(header));
    if (keys.isEmpty()) {
      throw invalid(" names a key that its issuer does not publish");
    }
    if (keys.stream().noneMatch(key -> signed(token, key))) {
      throw invalid("'s signature is wrong");
    }
  }

  /// Without what the token brings along to be verified by (jwk, jku, x5u, x5c, x5t).
  private static JWSHeader bare(JWSHeader header) {
    return new JWSHeader.Builder(header.getAlgorithm()).keyID(header.getKeyID()).build();
  }

  private static boolean signed(SignedJWT token, JWK key) {
    try {
      return token.verify(verifier(key));
    } catch (JOSEException unfit) {
      return false;
    }
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSAVerifier(rsa.toPublicJWK());
      case ECKey ec -> new ECDSAVerifier(ec.toPublicJWK());
      case OctetKeyPair ed -> new Ed25519Verifier(ed.toPublicJWK());
      case JWK other -> throw new JOSEException("a key of type " + other.getKeyType());
    };
  }

  /// Expiry has no grace: what is exchanged for a token must not outlive it.
  private void check(JWTClaimsSet claims, Issuer issuer) {
    if (Collections.disjoint(claims.getAudience(), issuer.audiences())) {
      throw invalid(" is for another audience");
    }
    var now = clock.instant();
    var expiry = claims.getExpirationTime();
    if (expiry == null) {
      throw invalid(" has no expiry");
    }
    if (!now.isBefore(expiry.toInstant())) {
      throw new Problem.Unauthenticated("TOKEN_EXPIRED", "the OIDC token has expired").raise();
    }
    var notBefore = claims.getNotBeforeTime();
    if (notBefore != null && notBefore.toInstant().isAfter(now.plus(EARLY))) {
      throw invalid(" is not valid yet");
    }
    if (claims.getClaim("cnf") != null) {
      throw invalid(" is bound to a key of its holder, which a bearer does not prove");
    }
  }

  private static RuntimeException invalid(String what) {
    return new Problem.Unauthenticated("UNAUTHENTICATED", "the OIDC token" + what).raise();
  }

  @Override
  public void close() {
    providers.values().forEach(provider -> provider.keys().close());
    http.close();
  }
}
