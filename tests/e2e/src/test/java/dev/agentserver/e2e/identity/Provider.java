package dev.agentserver.e2e.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.server.FreePort;
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
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/// An OIDC provider and the browsers of its users.
final class Provider implements AutoCloseable {
  private static final String NAME = "staff";
  private static final String CLIENT = "agentserver-web";
  private static final String REDIRECT = "http://localhost:3000/callback";

  private final MockOAuth2Server server = new MockOAuth2Server();
  private final HttpClient browser = HttpClient.newHttpClient();
  private final String issuer;

  Provider() {
    server.start(FreePort.find());
    issuer = server.issuerUrl(NAME).toString();
  }

  /// The file that makes settings-service trust it, for users of this tenant.
  String trustedFor(String tenant) {
    var list = Json.array();
    var entry = list.addObject().put("issuer", issuer).put("audiences", CLIENT);
    entry.put("tenant", tenant).putArray("allowed_domains").add("example.com");
    try {
      var file = Files.createTempFile("issuers", ".json");
      file.toFile().deleteOnExit();
      return Files.writeString(file, list.toString()).toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Signs somebody in by the authorization code flow and returns the ID token.
  String signIn(String subject, String email) {
    Map<String, Object> claims = Map.of("email", email, "email_verified", true, "name", subject);
    server.enqueueCallback(
        new DefaultOAuth2TokenCallback(NAME, subject, "JWT", List.of(CLIENT), claims, 3600));
    var endpoints = json(get(issuer + "/.well-known/openid-configuration"));
    var asked =
        "%s?response_type=code&client_id=%s&scope=openid&state=s&redirect_uri=%s"
            .formatted(
                endpoints.path("authorization_endpoint").asText(), CLIENT, encoded(REDIRECT));
    var location = get(asked).headers().firstValue("location").orElseThrow();
    var code = location.replaceAll(".*[?&]code=([^&]*).*", "$1");
    var form =
        "grant_type=authorization_code&client_id=%s&client_secret=s&code=%s&redirect_uri=%s"
            .formatted(CLIENT, code, encoded(REDIRECT));
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(endpoints.path("token_endpoint").asText()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    return json(answer).path("id_token").asText();
  }

  private HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return browser.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    return Json.parse(response.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// It does not answer any more.
  @Override
  public void close() {
    server.shutdown();
  }
}
