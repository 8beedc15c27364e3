package dev.agentserver.settings.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.envoy.Envoy.Outcome;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.IssueTicketRequest;
import dev.agentserver.settings.v1.RevokeApiKeyRequest;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import dev.agentserver.settings.v1.UserServiceGrpc;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The door that a stock Envoy asks at, asked as Envoy asks.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizationTest {
  private static final String PLACE = "/v1/conversations/0197/messages?page_size=5";
  private static final String STREAM = "/v1/conversations/0197:watch";
  private static final String PUBLIC = "/v1/tokens:exchange";

  private Live service;
  private Live.Tenant tenant;
  private Envoy envoy;

  @BeforeAll
  void start() {
    service = new Live();
    tenant = service.tenant();
    envoy = new Envoy(service.channel());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private Outcome get(String path, String... headers) {
    return envoy.send("GET", path, map(headers));
  }

  private static Map<String, String> map(String... headers) {
    var all = new HashMap<String, String>();
    for (var i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return all;
  }

  private String principal(Outcome upstream) {
    assertThat(upstream.header("authorization")).startsWith("Bearer eyJ");
    var token = upstream.header("authorization").substring("Bearer ".length());
    return service.access(token).getMe(GetMeRequest.getDefaultInstance()).getUser().getId();
  }

  private static void assertRefused(Outcome outcome, int status, String reason) {
    assertThat(outcome.status()).isEqualTo(status);
    assertThat(outcome.header("content-type")).isEqualTo("application/json");
    assertThat(outcome.body())
        .contains("\"reason\":\"" + reason + "\"", "\"domain\":\"agentserver\"")
        .doesNotContain("ag_dev_", "eyJ");
    assertThat(outcome.header("www-authenticate"))
        .isEqualTo(status == 401 ? "Bearer realm=\"agentserver\"" : "");
  }

  @Test
  void aKeyBecomesATokenThatServicesTake() {
    var upstream = get(PLACE, "authorization", "Bearer " + tenant.ownerKey());
    assertThat(upstream.status()).isEqualTo(200);
    assertThat(upstream.path()).isEqualTo(PLACE);
    assertThat(principal(upstream)).isEqualTo(tenant.ownerId().toString());
  }

  @Test
  void aKeyInItsOwnHeaderDoesTooAndGoesNoFurther() {
    var upstream = get(PLACE, "x-api-key", tenant.ownerKey());
    assertThat(principal(upstream)).isEqualTo(tenant.ownerId().toString());
    assertThat(upstream.headers()).doesNotContainKey("x-api-key");
    assertThat(upstream.headers().values()).noneMatch(value -> value.contains("ag_dev_"));
  }

  @Test
  void headersMayComeOneByOne() {
    var headers = map("Authorization", "Bearer " + tenant.ownerKey());
    assertThat(envoy.sendRaw("GET", PLACE, headers).status()).isEqualTo(200);
    assertThat(envoy.sendRaw("GET", PLACE, map()).status()).isEqualTo(401);
  }

  @Test
  void aTokenGoesOnAsItIs() {
    var token = service.token(tenant.ownerKey());
    assertThat(get(PLACE, "authorization", "bearer " + token).header("authorization"))
        .isEqualTo("Bearer " + token);
  }

  @Test
  void whatAClientSaysOfItselfGoesNoFurther() {
    var upstream =
        get(
            PLACE,
            "authorization",
            "Bearer " + tenant.ownerKey(),
            "x-tenant-id",
            "another",
            "x-forwarded-user",
            "root",
            "x-auth-request-email",
            "root@example.com",
            "x-agentserver-caller",
            "root",
            "accept",
            "application/json");
    assertThat(upstream.headers()).containsOnlyKeys("authorization", "accept");
  }

  @Test
  void withoutACredentialNothingButThePublicIsOpen() {
    assertRefused(get(PLACE), 401, "UNAUTHENTICATED");
    assertRefused(get("/nowhere"), 401, "UNAUTHENTICATED");
    assertThat(envoy.send("POST", PUBLIC, map()).status()).isEqualTo(200);
  }

  @Test
  void aPublicRouteNeitherLooksAtCredentialsNorPassesThemOn() {
    var upstream =
        envoy.send(
            "POST",
            PUBLIC,
            map("authorization", "Bearer expired", "x-api-key", "x", "x-user", "y"));
    assertThat(upstream.status()).isEqualTo(200);
    assertThat(upstream.headers()).isEmpty();
  }

  @Test
  void aPreflightNeedsNoCredential() {
    var preflight =
        map("origin", "https://app.example.com", "access-control-request-method", "POST");
    assertThat(envoy.send("OPTIONS", PLACE, preflight).status()).isEqualTo(200);
    assertRefused(envoy.send("OPTIONS", PLACE, map()), 401, "UNAUTHENTICATED");
  }

  @Test
  void aRevokedKeyIsRefused() {
    var key =
        service
            .keys(tenant.ownerKey())
            .createApiKey(CreateApiKeyRequest.newBuilder().setName("k").build());
    var bearer = "Bearer " + key.getSecret();
    var issued = get(PLACE, "authorization", bearer).header("authorization");

    service
        .keys(tenant.ownerKey())
        .revokeApiKey(RevokeApiKeyRequest.newBuilder().setKeyId(key.getKey().getId()).build());

    Await.until("refused", () -> get(PLACE, "authorization", bearer).status() == 401);
    assertRefused(get(PLACE, "authorization", bearer), 401, "UNAUTHENTICATED");
    assertRefused(get(PLACE, "authorization", issued), 401, "UNAUTHENTICATED");
  }

  @Test
  void aSuspendedUserIsRefused() {
    var token = service.token(tenant.ownerKey(), "suspended");
    var me = service.access(token).getMe(GetMeRequest.getDefaultInstance());
    UserServiceGrpc.newBlockingStub(service.as(tenant.ownerKey()))
        .updateUser(
            UpdateUserRequest.newBuilder()
                .setUser(
                    User.newBuilder()
                        .setId(me.getUser().getId())
                        .setState(User.State.STATE_SUSPENDED))
                .build());
    Await.until("refused", () -> get(PLACE, "authorization", "Bearer " + token).status() == 401);
    assertRefused(get(PLACE, "authorization", "Bearer " + token), 401, "UNAUTHENTICATED");
  }

  @Test
  void anExpiredTokenIsRefusedByItsName() {
    try (var aged = new Live()) {
      var token = aged.token(aged.tenant().ownerKey());
      aged.clock().move(Duration.ofMinutes(12));
      var answer =
          new Envoy(aged.channel()).send("GET", PLACE, map("authorization", "Bearer " + token));
      assertRefused(answer, 401, "TOKEN_EXPIRED");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic dXNlcjpwYXNz",
        "Bearer ",
        "Bearer ag_dev_damaged",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Bearer a,Bearer b"
      })
  void whatIsNoCredentialIsRefused(String authorization) {
    assertRefused(get(PLACE, "authorization", authorization), 401, "UNAUTHENTICATED");
  }

  @Test
  void anUnknownKeyIsRefused() {
    var unknown = ApiKey.generate("dev", new SecureRandom()).format();
    var answer = get(PLACE, "x-api-key", unknown);
    assertThat(answer.body()).doesNotContain(unknown);
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void whatServicesTellEachOtherIsClosed() {
    var internal = "/agentserver.settings.v1.RevocationService/PullRevocations";
    for (var credential : new String[] {tenant.ownerKey(), service.serviceToken()}) {
      var headers = map("authorization", "Bearer " + credential);
      assertRefused(envoy.send("POST", internal, headers), 403, "PERMISSION_DENIED");
    }
    var asService = get(PLACE, "authorization", "Bearer " + service.serviceToken());
    assertRefused(asService, 403, "PERMISSION_DENIED");
  }

  @Test
  void aGrpcCallEndsWithAStatusInItsTrailers() throws Exception {
    var answer =
        envoy.send(
            "POST",
            "/agentserver.conversation.v1.MessageService/ListMessages",
            map("content-type", "application/grpc"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("grpc-status")).isEqualTo("16");
    assertThat(answer.body()).startsWith("the call carries no credential");
    var details = Base64.getDecoder().decode(answer.header("grpc-status-details-bin"));
    assertThat(com.google.rpc.Status.parseFrom(details).getDetailsList()).isNotEmpty();
  }

  private String ticket(String path) {
    return service
        .access(tenant.ownerKey())
        .issueTicket(IssueTicketRequest.newBuilder().setPath(path).build())
        .getTicket();
  }

  @Test
  void aTicketOpensItsStreamAndLeavesTheUrl() {
    var upstream = get(STREAM + "?after_seq=3&ticket=" + ticket(STREAM));
    assertThat(principal(upstream)).isEqualTo(tenant.ownerId().toString());
    assertThat(upstream.path()).isEqualTo(STREAM + "?after_seq=3");
  }

  @Test
  void aTicketOpensNothingElse() {
    var other = "/v1/conversations/0198:watch";
    assertRefused(get(other + "?ticket=" + ticket(STREAM)), 401, "UNAUTHENTICATED");
    assertRefused(
        get("/v1/conversations/0197?ticket=" + ticket("/v1/conversations/0197")),
        401,
        "UNAUTHENTICATED");
    var twice = STREAM + "?ticket=" + ticket(STREAM) + "&ticket=" + ticket(STREAM);
    assertRefused(get(twice), 400, "INVALID_ARGUMENT");
  }

  @Test
  void refusalsAreCountedByTheClientsAddress() throws Exception {
    get("/v1/conversations");
    service.kit().audit().flush();
    assertThat(
            service
                .database()
                .rows("select reason from refusal_count where address = '" + Envoy.CLIENT + "'"))
        .contains("UNAUTHENTICATED");
  }
}
