package dev.agentserver.settings.envoy;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.agentserver.envoy.v3.AuthorizationGrpc;
import dev.agentserver.envoy.v3.CheckRequest;
import dev.agentserver.envoy.v3.CheckResponse;
import dev.agentserver.kit.grpc.Faults;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.settings.envoy.Checks.Tickets;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/// `envoy.service.auth.v3.Authorization`: a stock Envoy asks here about every request, and the
/// services behind it get what they get from the gateway.
///
/// Anybody may call it. What it answers ExchangeToken answers too, so a credential of Envoy's own
/// would protect nothing, and be one more secret at the edge.
public final class AuthorizationRpc implements BindableService {
  private final Checks checks;
  private final RefusalSink refusals;

  /// @param verifier what this process verifies its own callers with
  /// @param refusals counts what was refused, which to gRPC is an answer like another
  public AuthorizationRpc(TokenVerifier verifier, Tickets tickets, RefusalSink refusals) {
    this.checks = new Checks(RoutesProto.read(), verifier, tickets);
    this.refusals = refusals;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AuthorizationGrpc.getServiceDescriptor())
        .unary(AuthorizationGrpc.getCheckMethod(), this::check)
        .build();
  }

  private CheckResponse check(CheckRequest request) {
    var asked = AskedProto.of(request);
    try {
      return AnswerProto.passed(asked, checks.decide(asked));
    } catch (RuntimeException refused) {
      var status = Faults.status(refused);
      count(asked, status);
      return AnswerProto.denied(asked, status);
    }
  }

  private void count(Asked asked, Status status) {
    switch (Code.forNumber(status.getCode())) {
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          refusals.refused(null, asked.path(), Faults.reason(status), asked.address());
      case null, default -> {}
    }
  }
}
