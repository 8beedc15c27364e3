package dev.agentserver.settings.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.IssueTicketRequest;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import dev.agentserver.settings.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The tokens of runs, from the service that issues all tokens and verifies its callers by them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunTokenTest {
  private final UUID run = UUID.randomUUID();
  private final UUID conversation = UUID.randomUUID();
  private final UUID session = UUID.randomUUID();
  private Live service;
  private Live.Tenant tenant;

  @BeforeAll
  void start() {
    service = new Live();
    tenant = service.tenant();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /// A member of the tenant.
  private UUID member(String name) {
    return IssuedToken.of(service.token(tenant.ownerKey(), name)).caller().principalId();
  }

  private IssueRunTokenRequest.Builder forRunOf(UUID user, String... permissions) {
    return IssueRunTokenRequest.newBuilder()
        .setTenantId(tenant.id().toString())
        .setUserId(user.toString())
        .setRunId(run.toString())
        .setLeaseEpoch(3)
        .addAllPermissions(List.of(permissions));
  }

  private String issue(IssueRunTokenRequest.Builder request) {
    return RunTokenServiceGrpc.newBlockingStub(service.as(service.serviceToken()))
        .issueRunToken(request.build())
        .getToken();
  }

  private void change(UUID user, User.Builder to, String field) {
    UserServiceGrpc.newBlockingStub(service.as(tenant.ownerKey()))
        .updateUser(
            UpdateUserRequest.newBuilder()
                .setUser(to.setId(user.toString()))
                .setUpdateMask(com.google.protobuf.FieldMask.newBuilder().addPaths(field))
                .build());
  }

  @Test
  void aRunGetsThoseOfThePermissionsAskedForThatItsUserHas() {
    var member = member("asks");
    var token =
        IssuedToken.of(
            issue(
                forRunOf(member, "conversation:read", "access:write", "nothing:known")
                    .setConversationId(conversation.toString())
                    .setSessionId(session.toString())));

    var caller = token.caller();
    assertThat(caller.tenantId()).isEqualTo(tenant.id());
    assertThat(caller.principalId()).isEqualTo(member);
    assertThat(caller.kind()).isEqualTo(Caller.Kind.USER);
    assertThat(caller.permissions()).containsExactly("conversation:read");
    assertThat(caller.credentialId()).isEqualTo(run.toString());
    assertThat(caller.run()).isEqualTo(new RunScope(run, conversation, session, 3));
    assertThat(token.expiresAt())
        .isBeforeOrEqualTo(service.clock().instant().plus(TokenIssuer.LIFETIME));
    var bare = IssuedToken.of(issue(forRunOf(member))).caller();
    assertThat(bare.permissions()).isEmpty();
    assertThat(bare.run()).isEqualTo(new RunScope(run, null, null, 3));
  }

  @Test
  void aRoleThatWasGivenMeanwhileCounts() {
    var user = member("promoted");
    assertThat(IssuedToken.of(issue(forRunOf(user, "access:read"))).caller().permissions())
        .isEmpty();
    change(user, User.newBuilder().addRoles("ADMIN"), "roles");
    assertThat(IssuedToken.of(issue(forRunOf(user, "access:read"))).caller().permissions())
        .containsExactly("access:read");
  }

  @Test
  void theTokenOfARunOpensNothingThatDoesNotSaySo() {
    var token = issue(forRunOf(member("worker"), "conversation:read"));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> service.access(token).getMe(GetMeRequest.getDefaultInstance()));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            service
                .access(token)
                .issueTicket(IssueTicketRequest.newBuilder().setPath("/v1/a").build()));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            RunTokenServiceGrpc.newBlockingStub(service.as(token))
                .issueRunToken(forRunOf(tenant.ownerId()).build()));
  }

  @Test
  void whoeverIsSuspendedGetsNoRunAndLosesTheOneTheyHave() {
    var user = member("suspended");
    var token = issue(forRunOf(user, "conversation:read"));
    change(user, User.newBuilder().setState(User.State.STATE_SUSPENDED), "state");

    assertProblem(Code.FAILED_PRECONDITION, "USER_NOT_ACTIVE", () -> issue(forRunOf(user, "a:b")));
    Await.until("the token is refused", () -> service.refuses(token));
  }

  @Test
  void theTokenExpiresAsOthersDo() {
    var token = issue(forRunOf(member("late")));
    assertThat(service.refuses(token)).as("refused for what it is, not as unknown").isFalse();
    var later = TokenIssuer.LIFETIME.plus(Duration.ofMinutes(1));
    service.clock().move(later);
    assertThat(service.refuses(token)).isTrue();
    service.clock().move(later.negated());
  }

  @Test
  void whoIsNotInTheTenantIsNotFound() {
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> issue(forRunOf(UUID.randomUUID())));
    var elsewhere = service.tenant();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> issue(forRunOf(elsewhere.ownerId())));
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> issue(forRunOf(tenant.ownerId()).setLeaseEpoch(0)));
  }
}
