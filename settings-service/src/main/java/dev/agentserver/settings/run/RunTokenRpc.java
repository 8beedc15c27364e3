package dev.agentserver.settings.run;

import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.IssueRunTokenResponse;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// RunTokenService: translation between the contract and [RunTokens].
public final class RunTokenRpc implements BindableService {
  private final RunTokens tokens;

  public RunTokenRpc(RunTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RunTokenServiceGrpc.getServiceDescriptor())
        .unary(RunTokenServiceGrpc.getIssueRunTokenMethod(), this::issue)
        .build();
  }

  private IssueRunTokenResponse issue(IssueRunTokenRequest request) {
    var token =
        tokens.issue(
            UUID.fromString(request.getTenantId()),
            UUID.fromString(request.getUserId()),
            new RunScope(
                UUID.fromString(request.getRunId()),
                uuidOrNull(request.getConversationId()),
                uuidOrNull(request.getSessionId()),
                request.getLeaseEpoch()),
            request.getPermissionsList());
    return IssueRunTokenResponse.newBuilder()
        .setToken(token.jwt())
        .setExpiresAt(timestamp(token.expiresAt()))
        .build();
  }
}
