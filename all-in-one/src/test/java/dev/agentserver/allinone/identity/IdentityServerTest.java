package dev.agentserver.allinone.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.AccessServiceGrpc.AccessServiceBlockingStub;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetJwksRequest;
import dev.agentserver.settings.v1.IssueTicketRequest;
import dev.agentserver.settings.v1.OnBehalfOf;
import dev.agentserver.settings.v1.TicketCredential;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityServerTest {
  @TempDir Path directory;
  private IdentityServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    server = IdentityServer.start(config(Map.of("TENANTS", "2")));
    channel = Peers.channel("static:127.0.0.1:" + server.port());
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void aKeyBecomesATokenThatItsPublishedKeyVerifies() throws IOException {
    var key = Files.readString(directory.resolve("development-key")).strip();
    assertThat(key).startsWith("ag_dev_").isEqualTo(server.developmentKey());
    var reply = access().exchangeToken(request(key).build());
    var owner = verify(reply.getAccessToken());
    assertThat(owner.roles()).containsExactly("TENANT_OWNER");
    var expiresAt = Instant.ofEpochSecond(reply.getExpiresAt().getSeconds());
    assertThat(expiresAt).isBetween(Instant.now().plusSeconds(590), Instant.now().plusSeconds(610));
  }

  @Test
  void eachTenantHasAKeyFileOnlyItsOwnerReads() throws IOException {
    for (var name : new String[] {"development-key", "development-key-2"}) {
      var file = directory.resolve(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    var second = Files.readString(directory.resolve("development-key-2")).strip();
    var first =
        verify(access().exchangeToken(request(server.developmentKey()).build()).getAccessToken());
    var other = verify(access().exchangeToken(request(second).build()).getAccessToken());
    assertThat(other.tenantId()).isNotEqualTo(first.tenantId());
  }

  @Test
  void aUserOfAnApplicationGetsATokenOfItsOwn() {
    var asAlice =
        request(server.developmentKey())
            .setOnBehalfOf(OnBehalfOf.newBuilder().setExternalSubject("alice").addRoles("VIEWER"))
            .build();
    var alice = verify(access().exchangeToken(asAlice).getAccessToken());
    assertThat(alice.permissions()).containsExactly("conversation:read");
  }

  @Test
  void aServiceGetsATokenWithoutATenant() {
    var request =
        ExchangeTokenRequest.newBuilder().setServiceCredential(server.serviceCredential()).build();
    var service = verify(access().exchangeToken(request).getAccessToken());
    assertThat(service.kind()).isEqualTo(Caller.Kind.SERVICE);
    assertThat(service.tenantId()).isNull();
  }

  @Test
  void aTicketBecomesATokenThatReadsAndEndsWithTheTicket() {
    var token = access().exchangeToken(request(server.developmentKey()).build()).getAccessToken();
    var ticket = as(token).issueTicket(IssueTicketRequest.newBuilder().setPath("/v1/a").build());

    var reply = access().exchangeToken(presented(ticket.getTicket(), "/v1/a"));

    assertThat(reply.getExpiresAt()).isEqualTo(ticket.getExpiresAt());
    var owner = verify(token);
    var reader = verify(reply.getAccessToken());
    assertThat(reader.principalId()).isEqualTo(owner.principalId());
    assertThat(reader.may("conversation:read")).isTrue();
    assertThat(reader.mayAny("conversation:read")).isTrue();
    assertThat(reader.may("conversation:write")).isFalse();
  }

  @Test
  void aTicketIsNothingButATicket() {
    var token = access().exchangeToken(request(server.developmentKey()).build()).getAccessToken();
    var request = IssueTicketRequest.newBuilder().setPath("/v1/a").build();
    var ticket = as(token).issueTicket(request).getTicket();

    assertUnauthenticated(() -> access().exchangeToken(presented(ticket, "/v1/b")));
    assertUnauthenticated(() -> access().exchangeToken(presented(token, "/v1/a")));
    assertUnauthenticated(() -> as(ticket).issueTicket(request));
    assertUnauthenticated(() -> access().issueTicket(request));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1/a", "/a?b", "/a#b", "/a b", "/ä"})
  void aTicketIsForAPath(String path) {
    var token = access().exchangeToken(request(server.developmentKey()).build()).getAccessToken();

    assertCode(
        Status.Code.INVALID_ARGUMENT,
        () -> as(token).issueTicket(IssueTicketRequest.newBuilder().setPath(path).build()));
  }

  private static ExchangeTokenRequest presented(String ticket, String path) {
    return ExchangeTokenRequest.newBuilder()
        .setTicket(TicketCredential.newBuilder().setTicket(ticket).setPath(path))
        .build();
  }

  private AccessServiceBlockingStub as(String token) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return access().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static void assertUnauthenticated(ThrowingCallable call) {
    assertCode(Status.Code.UNAUTHENTICATED, call);
  }

  private static void assertCode(Status.Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void aWrongKeyIsUnauthenticated() {
    assertThatThrownBy(() -> access().exchangeToken(request("ag_dev_nobody").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    assertThatThrownBy(() -> access().exchangeToken(ExchangeTokenRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  @Test
  void itIsRefusedWhereItWouldHaveToProtectSomething() {
    assertRefused(Map.of("AGENTSERVER_PROFILE", "prod"), "profile prod");
    assertRefused(Map.of("HOST", "0.0.0.0"), "DEVELOPMENT_IDENTITY_BEYOND_LOOPBACK");
    assertRefused(Map.of("HOST", "no.such.host.invalid"), "no host");
  }

  private void assertRefused(Map<String, String> environment, String why) {
    assertThatThrownBy(() -> IdentityServer.start(config(environment)))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(why);
  }

  private IdentityConfig config(Map<String, String> more) {
    var environment =
        new HashMap<>(Map.of("DATA", directory.toString(), "PORT", "0", "ADMIN_PORT", "0"));
    environment.putAll(more);
    return IdentityConfig.from(Environment.of(environment));
  }

  private AccessServiceBlockingStub access() {
    return AccessServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static ExchangeTokenRequest.Builder request(String key) {
    return ExchangeTokenRequest.newBuilder().setApiKey(key);
  }

  private Caller verify(String token) {
    var keys =
        access().getJwks(GetJwksRequest.getDefaultInstance()).getKeysList().stream()
            .map(key -> new PublicJwk(key.getKid(), key.getX(), key.getY()))
            .toList();
    try (var verifier = new JwtVerifier(() -> keys, Clock.systemUTC())) {
      return verifier.verify(token);
    }
  }
}
