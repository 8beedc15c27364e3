package dev.agentserver.settings;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocation.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.service.AccessRuntime;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.CreateApiKeyResponse;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.PullRevocationsRequest;
import dev.agentserver.settings.v1.RevocationServiceGrpc;
import dev.agentserver.settings.v1.RevokeApiKeyRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What other processes hear of, by the way they have in production.
class RevocationFlowTest {
  private Live service;
  private AccessRuntime other;

  @AfterEach
  void stop() {
    if (other != null) {
      other.close();
    }
    service.close();
  }

  private AccessRuntime other() {
    return other(service.target(), service.serviceCredential());
  }

  private AccessRuntime other(String target, String credential) {
    var config =
        AccessConfig.from(
            Environment.of(Map.of("ACCESS_TARGET", target, "SERVICE_CREDENTIAL", credential)));
    return AccessRuntime.open(config, service.clock());
  }

  private Caller accept(String credential) {
    return other.verifier().verify(other.verifier().token(credential));
  }

  private boolean refuses(String credential) {
    try {
      accept(credential);
      return false;
    } catch (ProblemException refused) {
      return refused.problem() instanceof Problem.Unauthenticated;
    }
  }

  private CreateApiKeyResponse key(String owner) {
    return service.keys(owner).createApiKey(CreateApiKeyRequest.newBuilder().setName("k").build());
  }

  @Test
  void aRevokedKeyIsRefusedEverywhereAndItsTokensToo() {
    service = new Live();
    var tenant = service.tenant();
    other = other();
    var key = key(tenant.ownerKey());
    var token = service.token(key.getSecret());
    var caller = accept(token);
    assertThat(accept(key.getSecret()).credentialId()).isEqualTo(caller.credentialId());

    service
        .keys(tenant.ownerKey())
        .revokeApiKey(RevokeApiKeyRequest.newBuilder().setKeyId(key.getKey().getId()).build());

    Await.until("the token is refused", () -> refuses(token));
    Await.until("the key is refused", () -> refuses(key.getSecret()));
    assertThat(other.revocations().refuse(caller)).as("streams ask this").isTrue();
    assertThat(accept(tenant.ownerKey()).principalId()).isEqualTo(tenant.ownerId());
    Await.until(
        "here too",
        () -> {
          try {
            service.access(token).getMe(GetMeRequest.getDefaultInstance());
            return false;
          } catch (StatusRuntimeException refused) {
            return refused.getStatus().getCode() == Code.UNAUTHENTICATED;
          }
        });
  }

  @Test
  void aSuspendedUserLosesAccessAndGetsItBack() {
    service = new Live();
    var tenant = service.tenant();
    other = other();
    var token = service.token(tenant.ownerKey());
    accept(token);
    accept(tenant.ownerKey());

    change(tenant, "SUSPENDED");
    Await.until("the token is refused", () -> refuses(token));
    Await.until("the key is refused", () -> refuses(tenant.ownerKey()));

    change(tenant, "ACTIVE");
    assertThat(accept(tenant.ownerKey()).principalId()).isEqualTo(tenant.ownerId());
    assertThat(refuses(token)).as("what was issued before stays refused").isTrue();
  }

  /// As whoever changes a user does it: the change, then the revocation, in one transaction.
  private void change(Live.Tenant tenant, String state) {
    service
        .database()
        .sql(
            "update user_account set state = '%s' where user_id = '%s'"
                .formatted(state, tenant.ownerId()));
    service
        .kit()
        .database()
        .write(
            db -> {
              service.revocations().add(db, Kind.PRINCIPAL, tenant.ownerId().toString());
              return true;
            });
  }

  @Test
  void aTenantIsRefusedAsAWholeAndNoOther() {
    service = new Live();
    var gone = service.tenant();
    var stays = service.tenant();
    other = other();
    var token = service.token(gone.ownerKey(), "alice");
    accept(token);

    service
        .kit()
        .database()
        .write(
            db -> {
              service.revocations().add(db, Kind.TENANT, gone.id().toString());
              return true;
            });

    Await.until("the token is refused", () -> refuses(token));
    accept(service.token(stays.ownerKey()));
  }

  @Test
  void aRevocationThatIsRolledBackIsNone() {
    service = new Live();
    var tenant = service.tenant();
    assertThatThrownBy(
            () ->
                service
                    .kit()
                    .database()
                    .write(
                        db -> {
                          service.revocations().add(db, Kind.TENANT, tenant.id().toString());
                          throw new IllegalStateException("no");
                        }))
        .hasMessage("no");

    var found =
        RevocationServiceGrpc.newBlockingStub(service.as(service.serviceToken()))
            .pullRevocations(PullRevocationsRequest.getDefaultInstance());

    assertThat(found.getRevocationsList()).isEmpty();
    assertThat(found.getPosition()).isZero();
  }

  @Test
  void theOrderOfTheStartIsFree() {
    var port = FreePort.find();
    service = new Live();
    var credential = service.serviceCredential();
    service.stopServing();
    other = other("static:127.0.0.1:" + port, credential);
    assertUnavailable(() -> accept(ApiKey.generate("dev", new SecureRandom()).format()));
    service.close();

    service = new Live(port);
    var tenant = service.tenant();
    Await.until("keys are exchanged", () -> !isAway(tenant.ownerKey()));
    assertThat(accept(tenant.ownerKey()).tenantId()).isEqualTo(tenant.id());
  }

  private boolean isAway(String key) {
    try {
      accept(key);
      return false;
    } catch (ProblemException refused) {
      return true;
    }
  }

  @Test
  void whileNobodyAnswersForTenMinutesTokensAndKeysGoOn() {
    service = new Live();
    var tenant = service.tenant();
    other = other();
    var token = service.token(tenant.ownerKey());
    accept(token);
    accept(tenant.ownerKey());
    service.stopServing();

    for (var minute = 0; minute < 10; minute++) {
      service.clock().move(Duration.ofMinutes(1));
      assertThat(accept(token).principalId()).isEqualTo(tenant.ownerId());
      assertThat(accept(tenant.ownerKey()).principalId()).isEqualTo(tenant.ownerId());
    }
    service.clock().move(Duration.ofSeconds(59));
    accept(tenant.ownerKey());
    accept(token);
    assertUnavailable(() -> accept(ApiKey.generate("dev", new SecureRandom()).format()));
    service.clock().move(Duration.ofSeconds(31));
    assertThat(refuses(token)).isTrue();
    assertUnavailable(() -> accept(tenant.ownerKey()));
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            failed -> assertThat(failed.problem()).isInstanceOf(Problem.Unavailable.class));
  }

  @Test
  void revocationsAreForServicesOnly() {
    service = new Live();
    var tenant = service.tenant();
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            RevocationServiceGrpc.newBlockingStub(service.as(tenant.ownerKey()))
                .pullRevocations(PullRevocationsRequest.getDefaultInstance()));
  }
}
