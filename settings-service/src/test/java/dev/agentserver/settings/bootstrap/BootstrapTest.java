package dev.agentserver.settings.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.key.KeyHashes;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.CreateUserRequest;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.User;
import dev.agentserver.settings.v1.UserServiceGrpc;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private final Live service = new Live();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void theFirstOwnerTheAdministratorAndTheServicesCanBegin() {
    var first = service.bootstrap().first("dev", "Acme", "owner@example.com");

    var owner = IssuedToken.of(service.token(first.ownerKey().format())).caller();
    assertThat(owner.tenantId()).isEqualTo(first.tenantId());
    assertThat(owner.roles()).containsExactly("TENANT_OWNER");
    var administrator = IssuedToken.of(service.token(first.platformKey().format())).caller();
    assertThat(administrator.tenantId()).isNotEqualTo(first.tenantId());
    assertThat(administrator.roles()).containsExactlyInAnyOrder("PLATFORM_ADMIN", "TENANT_OWNER");
    assertThat(administrator.permissions()).contains("platform:read", "platform:write");
    var credential =
        ExchangeTokenRequest.newBuilder()
            .setServiceCredential(first.serviceCredential().format())
            .build();
    assertThat(service.access("").exchangeToken(credential).getAccessToken()).isNotEmpty();
    assertThat(service.database().rows("select email from user_account where email is not null"))
        .containsExactly("owner@example.com");
  }

  @Test
  void theAdministratorMakesAnother() {
    var first = service.bootstrap().first("dev", "Acme", null);
    var users = UserServiceGrpc.newBlockingStub(service.as(first.platformKey().format()));
    var second =
        users.createUser(
            CreateUserRequest.newBuilder()
                .setUser(User.newBuilder().setName("second").addRoles("PLATFORM_ADMIN"))
                .build());
    var key =
        service
            .keys(first.platformKey().format())
            .createApiKey(
                CreateApiKeyRequest.newBuilder().setName("k").setUserId(second.getId()).build())
            .getSecret();
    assertThat(IssuedToken.of(service.token(key)).caller().permissions())
        .containsExactlyInAnyOrder("platform:read", "platform:write");
    // An ordinary owner makes none.
    assertThatThrownBy(
            () ->
                UserServiceGrpc.newBlockingStub(service.as(first.ownerKey().format()))
                    .createUser(
                        CreateUserRequest.newBuilder()
                            .setUser(User.newBuilder().addRoles("PLATFORM_ADMIN"))
                            .build()))
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  void whereSomebodyOwnsATenantItIsRefused() {
    service.tenant();
    assertThatThrownBy(() -> service.bootstrap().first("dev", "Acme", null))
        .isInstanceOf(OwnerExists.class);
    assertThat(service.database().rows("select count(*) from organization where platform"))
        .containsExactly("1");
  }

  @Test
  void ofSeveralWhoBeginAtOnceOneDoes() throws Exception {
    var begun = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tries = new ArrayList<Future<Bootstrap.First>>();
      for (var i = 0; i < 8; i++) {
        Callable<Bootstrap.First> begin = () -> service.bootstrap().first("dev", "Acme", null);
        tries.add(threads.submit(begin));
      }
      for (var each : tries) {
        try {
          each.get();
          begun++;
        } catch (ExecutionException refused) {
          assertThat(refused).hasCauseInstanceOf(OwnerExists.class);
        }
      }
    }
    assertThat(begun).isEqualTo(1);
  }

  @Test
  void developmentIsTheSameAtEveryStartAndSurvivesAnotherPepper() {
    var random = new SecureRandom();
    var key = ApiKey.generate("dev", random);
    var platform = ApiKey.generate("dev", random);
    var credential = ApiKey.generate("service", random);
    var tenant = new Bootstrap.Tenant(UUID.randomUUID(), "Dev", UUID.randomUUID(), key);
    var other =
        new Bootstrap(
            service.kit().database(),
            new KeyHashes(new Secret("another pepper entirely")),
            UUID::randomUUID,
            environment -> ApiKey.generate(environment, random));
    other.development(List.of(tenant), platform, credential);

    service.bootstrap().development(List.of(tenant), platform, credential);
    service.bootstrap().development(List.of(tenant), platform, credential);

    assertThat(IssuedToken.of(service.token(key.format())).caller().principalId())
        .isEqualTo(tenant.ownerId());
    service.token(platform.format());
    assertThat(
            service
                .access("")
                .exchangeToken(
                    ExchangeTokenRequest.newBuilder()
                        .setServiceCredential(credential.format())
                        .build())
                .getAccessToken())
        .isNotEmpty();
  }

  @Test
  void whatWasMadeDoesNotPrint() {
    var first = service.bootstrap().first("dev", "Acme", null);
    assertThat(first.toString())
        .doesNotContain(first.ownerKey().secret(), first.serviceCredential().secret());
  }
}
