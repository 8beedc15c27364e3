package dev.agentserver.settings.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.test.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import okhttp3.Headers;

/// A provider that signs users in: discovery, authorization code flow, published keys. Its keys
/// rotate as those of real ones do: the old one is published until it is retired.
public final class Provider implements AutoCloseable {
  static final String AUDIENCE = "agentserver-web";
  private static final String NAME = "staff";
  private static final String REDIRECT = "http://localhost:3000/callback";

  private final HttpClient browser = HttpClient.newHttpClient();
  private final Clock clock;
  private final List<RSAKey> keys = new CopyOnWriteArrayList<>(List.of(generate()));
  private final AtomicInteger keyFetches = new AtomicInteger();
  private volatile String jwksOverride = "";
  private MockOAuth2Server server;
  private final int port;

  Provider(Clock clock) {
    this.clock = clock;
    this.port = FreePort.find();
    this.server = start();
  }

  private static RSAKey generate() {
    try {
      return new RSAKeyGenerator(2048)
          .keyID(UUID.randomUUID().toString())
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.RS256)
          .generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private MockOAuth2Server start() {
    var signing =
        new KeyProvider(List.of(), "RS256") {
          @Override
          public JWK signingKey(String keyId) {
            return key();
          }
        };
    var tokens = new OAuth2TokenProvider(signing, clock::instant);
    var started = new MockOAuth2Server(new OAuth2Config(false, null, null, false, tokens), jwks());
    started.start(port);
    return started;
  }

  private Route jwks() {
    return new Route() {
      @Override
      public boolean match(OAuth2HttpRequest request) {
        return request.getUrl().encodedPath().equals("/" + NAME + "/jwks");
      }

      @Override
      public OAuth2HttpResponse invoke(OAuth2HttpRequest request) {
        keyFetches.incrementAndGet();
        var headers = Headers.of("Content-Type", "application/json");
        return new OAuth2HttpResponse(headers, 200, published(), null);
      }
    };
  }

  private String published() {
    return jwksOverride.isEmpty() ? new JWKSet(List.copyOf(keys)).toString(true) : jwksOverride;
  }

  /// Publishes this in place of its keys.
  void publish(String jwks) {
    jwksOverride = jwks;
  }

  String issuer() {
    return "http://localhost:" + port + "/" + NAME;
  }

  /// The key it signs with now.
  RSAKey key() {
    return keys.getFirst();
  }

  /// Signs with a new key from now on; the one before stays published.
  void rotate() {
    keys.addFirst(generate());
  }

  /// Publishes no key any more but the one it signs with.
  void retire() {
    keys.retainAll(List.of(key()));
  }

  int keyFetches() {
    return keyFetches.get();
  }

  void down() {
    server.shutdown();
  }

  void up() {
    server = start();
  }

  /// What a browser gets for its user: the ID token of an authorization code.
  String signIn(String subject, Map<String, Object> claims) {
    server.enqueueCallback(
        new DefaultOAuth2TokenCallback(NAME, subject, "JWT", List.of(AUDIENCE), claims, 3600));
    var endpoints = json(get(discovery()).body());
    var asked =
        "%s?response_type=code&client_id=%s&scope=openid&state=s&redirect_uri=%s"
            .formatted(endpoints.get("authorization_endpoint"), AUDIENCE, encoded(REDIRECT));
    var location = get(asked).headers().firstValue("location").orElseThrow();
    var code = location.replaceAll(".*[?&]code=([^&]*).*", "$1");
    var form =
        "grant_type=authorization_code&client_id=%s&client_secret=s&code=%s&redirect_uri=%s"
            .formatted(AUDIENCE, code, encoded(REDIRECT));
    var answer =
        send(
            HttpRequest.newBuilder(URI.create((String) endpoints.get("token_endpoint")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    return (String) json(answer.body()).get("id_token");
  }

  private String discovery() {
    return issuer() + "/.well-known/openid-configuration";
  }

  /// The claims of an ordinary token, to be changed.
  JWTClaimsSet.Builder claims(String subject) {
    var now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(AUDIENCE)
        .subject(subject)
        .claim("name", subject)
        .claim("email", subject + "@example.com")
        .claim("email_verified", true)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(3600)));
  }

  /// A token of a user with nothing special.
  String token(String subject) {
    return sign(claims(subject));
  }

  /// These claims, signed as it signs.
  String sign(JWTClaimsSet.Builder claims) {
    return sign(header().build(), claims.build());
  }

  JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256)
        .keyID(key().getKeyID())
        .type(JOSEObjectType.JWT);
  }

  String sign(JWSHeader header, JWTClaimsSet claims) {
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new RSASSASigner(key()));
      return token.serialize();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return browser.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static Map<String, Object> json(String text) {
    try {
      return JSONObjectUtils.parse(text);
    } catch (ParseException malformed) {
      throw new IllegalStateException(text, malformed);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.shutdown();
    browser.close();
  }
}
