package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.ForgottenServiceGrpc;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PolicyTest extends EchoTest {
  @Test
  void aMethodWithoutAPolicyStopsTheStart() {
    var forgotten =
        Rpc.service(ForgottenServiceGrpc.getServiceDescriptor())
            .unary(ForgottenServiceGrpc.getForgetMethod(), _ -> EchoReply.getDefaultInstance())
            .build();
    assertThatIllegalStateException()
        .isThrownBy(() -> TestServer.start(identity, List.of(() -> forgotten)))
        .withMessage("agentserver.kit.test.v1.ForgottenService/Forget has no policy");
  }

  @Test
  void aMethodThatWasNotStartedIsNotThere() {
    var stub = ForgottenServiceGrpc.newBlockingStub(server.channel(alice));
    assertRefused(() -> stub.forget(say("x")), Code.UNIMPLEMENTED, "UNIMPLEMENTED");
  }

  @Test
  void nobodyIsLetInWithoutAToken() {
    assertRefused(() -> as(null).echo(say("x")), Code.UNAUTHENTICATED, "UNAUTHENTICATED");
    assertRefused(
        () -> as(null).echoAuthenticated(say("x")), Code.UNAUTHENTICATED, "UNAUTHENTICATED");
    assertRefused(() -> as(null).echoInternal(say("x")), Code.UNAUTHENTICATED, "UNAUTHENTICATED");
    assertRefused(() -> as(null).count(say("x")).next(), Code.UNAUTHENTICATED, "UNAUTHENTICATED");
  }

  @Test
  void aPublicMethodIsOpenToAnyoneEvenWithATokenThatIsNoGood() {
    assertThat(as(null).echoPublic(say("x")).getText()).isEqualTo("x");
    assertThat(with("rubbish").echoPublic(say("x")).getText()).isEqualTo("x");
  }

  @Test
  void aPermissionIsNeededAndItsAnyFormWillDo() {
    assertThat(as(user("echo:read_any")).echo(say("x")).getText()).isEqualTo("x");
    var info =
        assertRefused(
            () -> as(user("echo:write")).echo(say("x")),
            Code.PERMISSION_DENIED,
            "PERMISSION_DENIED");
    assertThat(info.getMetadataMap()).containsEntry("permission", "echo:read");
    assertThat(as(user()).echoAuthenticated(say("x")).getText()).isEqualTo("x");
  }

  @Test
  void aServiceMayCallInternalMethodsOnly() {
    var service = TestIdentity.service();
    assertThat(as(service).echoInternal(say("x")).getText()).isEqualTo("x");
    assertRefused(
        () -> as(service).echoAuthenticated(say("x")), Code.PERMISSION_DENIED, "PERMISSION_DENIED");
    var mighty =
        new Caller(null, UUID.randomUUID(), Kind.SERVICE, Set.of(), Set.of("echo:read"), "test");
    assertRefused(() -> as(mighty).echo(say("x")), Code.PERMISSION_DENIED, "PERMISSION_DENIED");
  }

  @Test
  void aUserMayNotCallAnInternalMethodWhateverItHolds() {
    assertRefused(
        () -> as(user("internal", "authenticated")).echoInternal(say("x")),
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED");
  }

  @Test
  void aUserWithoutATenantIsRefusedByThePolicyToo() {
    var policy = new MethodPolicy("authenticated", false, false, false, false);
    var stray = new Caller(null, UUID.randomUUID(), Kind.USER, Set.of(), Set.of(), "test");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> policy.check(stray)))
        .hasMessageContaining("no tenant");
  }

  @Test
  void aRunMayCallNothingButWhatSaysSo() {
    var scope = new RunScope(UUID.randomUUID(), UUID.randomUUID(), null, 1);
    var run = user("echo:read").within(scope, Set.of("echo:read"));
    var info =
        assertRefused(() -> as(run).echo(say("x")), Code.PERMISSION_DENIED, "PERMISSION_DENIED");
    assertThat(info.getMetadataMap()).containsEntry("permission", "run");
    assertRefused(
        () -> as(run).echoAuthenticated(say("x")), Code.PERMISSION_DENIED, "PERMISSION_DENIED");
    assertRefused(
        () -> as(run).echoInternal(say("x")), Code.PERMISSION_DENIED, "PERMISSION_DENIED");
    var open = new MethodPolicy("echo:read", false, true, false, false);
    open.check(run);
    var bare = user().within(scope, Set.of("echo:read"));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> open.check(bare)))
        .hasMessageContaining("echo:read");
  }

  @Test
  void whatIsForRunsAloneIsRefusedToEverybodyElse() {
    var scope = new RunScope(UUID.randomUUID(), null, null, 1);
    var policy = new MethodPolicy("authenticated", false, true, true, false);
    policy.check(user().within(scope, Set.of()));
    for (var other : List.of(user("echo:read"), TestIdentity.service())) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> policy.check(other)))
          .isInstanceOf(dev.agentserver.kit.problem.ProblemException.class);
    }
    var stray = TestIdentity.service().within(scope, Set.of());
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> policy.check(stray)))
        .as("a service is no run, whatever its token says")
        .isInstanceOf(dev.agentserver.kit.problem.ProblemException.class);
  }

  @Test
  void anotherSchemeThanBearerIsRefused() {
    var headers = new io.grpc.Metadata();
    headers.put(Callers.AUTHORIZATION, "Basic YTpi");
    var stub =
        as(null).withInterceptors(io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(headers));
    assertRefused(() -> stub.echo(say("x")), Code.UNAUTHENTICATED, "UNAUTHENTICATED");
  }

  @Test
  void everyRefusalIsHandedToTheAudit() throws InterruptedException {
    var bob = user();
    failure(() -> as(bob).echo(say("x")));
    var denied = refusals.take();
    assertThat(denied.caller().principalId()).isEqualTo(bob.principalId());
    assertThat(denied.method()).isEqualTo("agentserver.kit.test.v1.EchoService/Echo");
    assertThat(denied.reason()).isEqualTo("PERMISSION_DENIED");
    assertThat(denied.address()).isEqualTo("local");
    failure(() -> with("rubbish").echo(say("x")));
    assertThat(refusals.take().reason()).isEqualTo("UNAUTHENTICATED");
    failure(() -> as(null).echo(say("x")));
    assertThat(refusals.take().caller()).isNull();
  }

  @Test
  void aRefusalByTheDomainIsAuditedToo() throws InterruptedException {
    echo.unary =
        _ -> {
          throw new dev.agentserver.kit.problem.Problem.Denied("echo:loudly").raise();
        };
    failure(() -> as(alice).echo(say("x")));
    assertThat(refusals.take().caller())
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
  }

  @Test
  void theHandlerLearnsWhoCalls() {
    echo.unary = _ -> Echo.reply(Callers.current().principalId().toString(), 0);
    assertThat(as(alice).echo(say("x")).getText()).isEqualTo(alice.principalId().toString());
    assertRefused(() -> as(null).echoPublic(say("x")), Code.UNAUTHENTICATED, "UNAUTHENTICATED");
    echo.count =
        (_, sender) -> sender.send(Echo.reply(Callers.current().principalId().toString(), 0));
    assertThat(as(alice).count(say("x")).next().getText())
        .isEqualTo(alice.principalId().toString());
  }
}
