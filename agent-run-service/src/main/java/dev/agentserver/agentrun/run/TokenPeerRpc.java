package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.text.ProtoText.orEmpty;

import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Has settings-service issue the tokens of runs.
public final class TokenPeerRpc implements Tokens {
  /// What runs may need; each gets those of them that its user has.
  private static final List<String> PERMISSIONS =
      List.of(
          "conversation:read",
          "conversation:write",
          "file:read",
          "file:write",
          "run:read",
          "run:write",
          "session:read",
          "session:write",
          "tool:read");

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Optional<ServicePeer> settings;

  /// @param settings empty: this process has no credential to prove itself with
  public TokenPeerRpc(Optional<ServicePeer> settings) {
    this.settings = settings;
  }

  @Override
  public Token issue(Run run) {
    var peer = settings.orElseThrow(() -> new Problem.Unavailable("run tokens", RETRY).raise());
    var request =
        IssueRunTokenRequest.newBuilder()
            .setTenantId(run.tenantId().toString())
            .setUserId(run.key().userId().toString())
            .setRunId(run.id().toString())
            .setConversationId(orEmpty(run.key().conversationId()))
            .setSessionId(orEmpty(run.key().sessionId()))
            .setLeaseEpoch(run.progress().leaseEpoch())
            .addAllPermissions(PERMISSIONS)
            .build();
    try {
      var reply =
          peer.ask(
              RunTokenServiceGrpc::newBlockingStub, TIMEOUT, stub -> stub.issueRunToken(request));
      return new Token(reply.getToken(), ProtoText.instant("expires_at", reply.getExpiresAt()));
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() == Code.INVALID_ARGUMENT) {
        throw refused;
      }
      throw new Problem.Refused(
              "USER_NOT_ACTIVE",
              "the run's user may do nothing any more",
              Map.of("id", run.key().userId().toString()))
          .raise();
    }
  }
}
