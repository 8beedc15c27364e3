package dev.agentserver.settings.organization;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.CreateOrganizationRequest;
import dev.agentserver.settings.v1.CreateOrganizationResponse;
import dev.agentserver.settings.v1.DeleteOrganizationRequest;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.Organization;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a new tenant's first key opens, and for how long.
class OwnerKeyTest extends ServiceTest {
  private Person root;

  @BeforeEach
  void thePlatform() {
    root = service.person(tenant, "PLATFORM_ADMIN");
  }

  @Test
  void itOpensTheTenantUntilThatIsErased() {
    var made = found();
    assertThat(exchange(made.getOwnerKey())).isNotEmpty();
    root.organizations()
        .deleteOrganization(
            DeleteOrganizationRequest.newBuilder()
                .setOrganizationId(made.getOrganization().getId())
                .build());
    refused(made.getOwnerKey());
  }

  @Test
  void itOpensNothingWhileItsUserIsSuspended() {
    var made = found();
    var second = service.person(UUID.fromString(made.getOrganization().getId()), "TENANT_OWNER");
    state(second, made, User.State.STATE_SUSPENDED);
    refused(made.getOwnerKey());
    state(second, made, User.State.STATE_ACTIVE);
    assertThat(exchange(made.getOwnerKey())).isNotEmpty();
  }

  @Test
  void itsTextIsInNoTable() {
    var secret = found().getOwnerKey().split("_")[3];
    for (var table :
        service.column(
            "select table_name from information_schema.tables where table_schema = 'settings'"
                + " and table_type = 'BASE TABLE'")) {
      assertThat(
              service.column(
                  "select t::text from settings.%s t where t::text like '%%%s%%' or t::text like '%%%s%%'"
                      .formatted(table, secret, hex(secret))))
          .as(table)
          .isEmpty();
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void state(Person by, CreateOrganizationResponse made, User.State state) {
    by.users()
        .updateUser(
            UpdateUserRequest.newBuilder()
                .setUser(User.newBuilder().setId(made.getOwner().getId()).setState(state))
                .build());
  }

  /// With a request id, so that the reply is kept for retries.
  private CreateOrganizationResponse found() {
    return root.organizations()
        .createOrganization(
            CreateOrganizationRequest.newBuilder()
                .setOrganization(Organization.newBuilder().setName("Acme"))
                .setRequestId(UUID.randomUUID().toString())
                .build());
  }

  private String exchange(String key) {
    return AccessServiceGrpc.newBlockingStub(service.channel(null))
        .exchangeToken(ExchangeTokenRequest.newBuilder().setApiKey(key).build())
        .getAccessToken();
  }

  private void refused(String key) {
    assertProblem(Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> exchange(key));
  }
}
