package dev.agentserver.settings.key;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.v1.ApiKey;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ListApiKeysRequest;
import dev.agentserver.settings.v1.RevokeApiKeyRequest;
import dev.agentserver.settings.v1.RotateApiKeyRequest;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeyRpcTest {
  private Live service;
  private Live.Tenant tenant;
  private String owner;

  @BeforeAll
  void start() {
    service = new Live();
  }

  @BeforeEach
  void aTenant() {
    tenant = service.tenant();
    owner = service.token(tenant.ownerKey());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static CreateApiKeyRequest.Builder draft(String... scopes) {
    return CreateApiKeyRequest.newBuilder().setName("k").addAllScopes(List.of(scopes));
  }

  private static String id(String token) {
    return IssuedToken.of(token).caller().principalId().toString();
  }

  private void assertRefused(String key) {
    assertProblem(
        Code.UNAUTHENTICATED,
        "UNAUTHENTICATED",
        () ->
            service
                .access("")
                .exchangeToken(ExchangeTokenRequest.newBuilder().setApiKey(key).build()));
  }

  private void assertDenied(String token, CreateApiKeyRequest.Builder request) {
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> service.keys(token).createApiKey(request.build()));
  }

  @Test
  void aSecretIsShownOnceAndIsNowhere() throws Exception {
    try (var log = LogCapture.of("dev.agentserver")) {
      var request = draft().setRequestId("r-1").build();
      var made = service.keys(owner).createApiKey(request);
      var rotate =
          RotateApiKeyRequest.newBuilder()
              .setKeyId(made.getKey().getId())
              .setRequestId("r-2")
              .build();
      var rotated = service.keys(owner).rotateApiKey(rotate);
      service.token(rotated.getSecret());
      service.flushSightings();

      assertThat(made.getSecret()).startsWith("ag_dev_" + made.getKey().getId() + "_");
      assertThat(made.getSecret()).endsWith(made.getKey().getLastFour());
      var again = service.keys(owner).createApiKey(request);
      assertThat(again.getSecret()).isEmpty();
      assertThat(again.getKey()).isEqualTo(made.getKey());
      assertThat(service.keys(owner).rotateApiKey(rotate).getSecret()).isEmpty();
      for (var shown : List.of(made.getSecret(), rotated.getSecret())) {
        var secret = dev.agentserver.kit.identity.ApiKey.parse(shown).get().secret();
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var traces =
            List.of(
                secret,
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        assertThat(service.everything()).doesNotContain(traces.toArray(String[]::new));
        assertThat(log.lines().toString()).doesNotContain(traces.toArray(String[]::new));
      }
    }
  }

  @Test
  void aRotatedSecretGoesOnForTheOverlap() {
    var made = service.keys(owner).createApiKey(draft().build());
    var rotate = RotateApiKeyRequest.newBuilder().setKeyId(made.getKey().getId());

    var second = service.keys(owner).rotateApiKey(rotate.setOverlapSeconds(600).build());
    service.token(made.getSecret());
    service.token(second.getSecret());

    var third = service.keys(owner).rotateApiKey(rotate.setOverlapSeconds(0).build());
    assertRefused(made.getSecret());
    assertRefused(second.getSecret());
    service.token(third.getSecret());
    assertThat(third.getKey().getId()).isEqualTo(made.getKey().getId());
  }

  @Test
  void aRevokedKeyIsRefusedAtOnceAndStaysSo() {
    var made = service.keys(owner).createApiKey(draft().build());
    var revoke = RevokeApiKeyRequest.newBuilder().setKeyId(made.getKey().getId()).build();

    var revoked = service.keys(owner).revokeApiKey(revoke);

    assertRefused(made.getSecret());
    assertThat(revoked.hasRevokedAt()).isTrue();
    assertThat(service.keys(owner).revokeApiKey(revoke)).isEqualTo(revoked);
    var rotate = RotateApiKeyRequest.newBuilder().setKeyId(made.getKey().getId()).build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> service.keys(owner).rotateApiKey(rotate))
        .field("key_id");
  }

  @Test
  void nobodyMakesAKeyThatMayMoreThanThey() {
    var member = service.token(tenant.ownerKey(), "alice");
    var admin = service.token(tenant.ownerKey(), "bob", "ADMIN");
    assertDenied(member, draft("access:write"));
    assertDenied(member, draft().setUserId(tenant.ownerId().toString()));
    assertDenied(admin, draft().setUserId(tenant.ownerId().toString()));
    assertDenied(admin, draft("conversation:read_any").setUserId(tenant.ownerId().toString()));
    service.keys(admin).createApiKey(draft().setUserId(id(member)).build());

    var narrow = service.keys(owner).createApiKey(draft("conversation:read").build()).getSecret();
    assertDenied(service.token(narrow), draft());
    service.keys(service.token(narrow)).createApiKey(draft("conversation:read").build());
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            service
                .keys(owner)
                .createApiKey(draft().setUserId(UUID.randomUUID().toString()).build()));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                service
                    .keys(owner)
                    .createApiKey(
                        draft().setExpiresAt(Timestamp.newBuilder().setSeconds(1)).build()))
        .field("expires_at");
  }

  @Test
  void theKeysOfOthersAreNotThere() {
    var made = service.keys(owner).createApiKey(draft().build()).getKey().getId();
    var revoke = RevokeApiKeyRequest.newBuilder().setKeyId(made).build();
    var member = service.token(tenant.ownerKey(), "alice");
    var elsewhere = service.token(service.tenant().ownerKey());
    for (var stranger : List.of(member, elsewhere)) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> service.keys(stranger).revokeApiKey(revoke));
    }
    var admin = service.token(tenant.ownerKey(), "bob", "ADMIN");
    var rotate = RotateApiKeyRequest.newBuilder().setKeyId(made).build();
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> service.keys(admin).rotateApiKey(rotate));
    assertThat(service.keys(admin).revokeApiKey(revoke).hasRevokedAt()).isTrue();
  }

  @Test
  void keysAreListedInPages() {
    var member = service.token(tenant.ownerKey(), "alice");
    var made = new ArrayList<String>();
    for (var i = 0; i < 5; i++) {
      made.addFirst(service.keys(member).createApiKey(draft().build()).getKey().getId());
    }
    var listed = new ArrayList<String>();
    var token = "";
    do {
      var page =
          service
              .keys(member)
              .listApiKeys(
                  ListApiKeysRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      listed.addAll(page.getKeysList().stream().map(ApiKey::getId).toList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(listed).isEqualTo(made);

    var all = ListApiKeysRequest.newBuilder().setUserId("-").build();
    assertThat(service.keys(owner).listApiKeys(all).getKeysList()).hasSize(6);
    var of = ListApiKeysRequest.newBuilder().setUserId(id(member)).build();
    assertThat(service.keys(owner).listApiKeys(of).getKeysList()).hasSize(5);
    assertThat(service.keys(member).listApiKeys(of).getKeysList()).hasSize(5);
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> service.keys(member).listApiKeys(all));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                service
                    .keys(owner)
                    .listApiKeys(ListApiKeysRequest.newBuilder().setUserId("x").build()))
        .field("user_id");
  }
}
