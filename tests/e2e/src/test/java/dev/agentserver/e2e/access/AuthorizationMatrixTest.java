package dev.agentserver.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.api.HttpRule;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.e2e.access.Principal.Refusal;
import dev.agentserver.e2e.client.Failure;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every RPC × everybody × every door. What must happen follows from the policies and the roles
/// of the contracts.
@ExtendWith(SharedServer.class)
class AuthorizationMatrixTest {
  private final Server server;
  private final Cast cast;

  AuthorizationMatrixTest(Server server) {
    this.server = server;
    this.cast = new Cast(server);
  }

  @TestFactory
  Stream<DynamicNode> whoMayCallWhatFollowsFromTheContracts() {
    return Contracts.rpcs().stream()
        .filter(Rpc::served)
        .filter(Rpc::ofUsers)
        .map(
            rpc ->
                dynamicContainer(
                    rpc.name(), Stream.of(Principal.values()).flatMap(each -> cells(rpc, each))));
  }

  @TestFactory
  Stream<DynamicNode> whatEachServiceServesForItselfIsNotServedByTheGateway() {
    return Contracts.rpcs().stream()
        .filter(rpc -> !rpc.served())
        .map(rpc -> dynamicTest(rpc.name(), () -> assertNotServed(rpc)));
  }

  private void assertNotServed(Rpc rpc) {
    var request = new Sample(Map.of(), server.key(1)).of(rpc);
    var failure =
        Grpc.failure(() -> cast.get(Principal.TENANT_OWNER).grpc().call(rpc.grpc(), request));
    assertThat(failure.reason()).isEqualTo("UNIMPLEMENTED");
  }

  private Stream<DynamicNode> cells(Rpc rpc, Principal principal) {
    var rest =
        rpc.routes().stream()
            .map(
                route ->
                    dynamicTest(
                        principal + " by " + route.getPatternCase() + " " + path(route),
                        () -> callByRest(rpc, route, principal)));
    var grpc = dynamicTest(principal + " by gRPC", () -> callByGrpc(rpc, principal));
    return Stream.concat(rest, Stream.of(grpc));
  }

  private void callByRest(Rpc rpc, HttpRule route, Principal principal) {
    var target = Target.of(owner(), rpc);
    var reply =
        RestForm.of(rpc.method(), route, request(rpc, target)).send(cast.get(principal).http());
    var refusal = principal.refusal(rpc);
    if (refusal.isEmpty()) {
      reply.expect(rpc.successStatus());
    } else {
      assertRefused(refusal.get(), reply.failure(refusal.get().http), target);
    }
  }

  private void callByGrpc(Rpc rpc, Principal principal) {
    var target = Target.of(owner(), rpc);
    var request = request(rpc, target);
    var user = cast.get(principal);
    var refusal = principal.refusal(rpc);
    if (refusal.isEmpty()) {
      user.grpc().call(rpc.grpc(), request);
    } else {
      var failure = Grpc.failure(() -> user.grpc().call(rpc.grpc(), request));
      assertRefused(refusal.get(), failure, target);
    }
  }

  private static void assertRefused(Refusal refusal, Failure failure, Target target) {
    assertThat(failure.reason()).isEqualTo(refusal.name());
    assertThat(failure.code()).isEqualTo(refusal.code);
    target.assertUnchanged();
  }

  private DynamicMessage request(Rpc rpc, Target target) {
    return new Sample(target.ids(), server.key(1)).of(rpc);
  }

  private User owner() {
    return cast.get(Principal.OWNER);
  }

  private static String path(HttpRule route) {
    return Stream.of(
            route.getGet(), route.getPost(), route.getPut(), route.getPatch(), route.getDelete())
        .filter(path -> !path.isEmpty())
        .findFirst()
        .orElseThrow();
  }
}
