package dev.agentserver.agentrun.run;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.grpc.AccessPeer;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.BatchGetToolsRequest;
import dev.agentserver.settings.v1.BatchGetToolsResponse;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ExchangeTokenResponse;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.IssueRunTokenResponse;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceGrpc;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What runs need of settings-service, over a real network: a service's token and tokens of runs.
final class SettingsServer implements AutoCloseable {
  private final Map<UUID, Caller> users = new ConcurrentHashMap<>();
  private final Set<UUID> suspended = ConcurrentHashMap.newKeySet();
  private final Map<String, Tool> tools = new ConcurrentHashMap<>();
  private final TestIdentity identity;
  private final TokenIssuer issuer;
  private final Server server;
  private final AccessPeer peer;
  private final ServicePeer settings;
  private volatile boolean away;

  SettingsServer(TestIdentity identity) {
    this.identity = identity;
    this.issuer = new TokenIssuer(identity.key(), Clock.systemUTC(), UUID::randomUUID);
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(new Access())
              .addService(new RunTokens())
              .addService(new Tools())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var config =
        AccessConfig.from(
            Environment.of(
                Map.of(
                    "ACCESS_TARGET",
                    "static:127.0.0.1:" + server.getPort(),
                    "SERVICE_CREDENTIAL",
                    "sc-agent-run")));
    peer = new AccessPeer(config);
    settings =
        peer.asService(ServiceToken.of(peer, config.credential(), Clock.systemUTC()).orElseThrow());
  }

  ServicePeer settings() {
    return settings;
  }

  /// As agent-run-service calls it for others.
  Channel channel() {
    return peer.channel();
  }

  /// From now on there is such a tool.
  void keep(Tool tool) {
    tools.put(tool.getId(), tool);
  }

  /// Whether it says nothing of tools.
  void away(boolean gone) {
    away = gone;
  }

  void knows(Caller user) {
    users.put(user.principalId(), user);
  }

  void suspend(Caller user) {
    suspended.add(user.principalId());
  }

  private final class Access extends AccessServiceGrpc.AccessServiceImplBase {
    @Override
    public void exchangeToken(
        ExchangeTokenRequest request, StreamObserver<ExchangeTokenResponse> reply) {
      reply.onNext(
          ExchangeTokenResponse.newBuilder()
              .setAccessToken(identity.token(TestIdentity.service()))
              .build());
      reply.onCompleted();
    }
  }

  private final class RunTokens extends RunTokenServiceGrpc.RunTokenServiceImplBase {
    @Override
    public void issueRunToken(
        IssueRunTokenRequest request, StreamObserver<IssueRunTokenResponse> reply) {
      var user = users.get(UUID.fromString(request.getUserId()));
      if (user == null || suspended.contains(user.principalId())) {
        reply.onError(refusal());
        return;
      }
      var scope =
          new RunScope(
              UUID.fromString(request.getRunId()),
              uuidOrNull(request.getConversationId()),
              uuidOrNull(request.getSessionId()),
              request.getLeaseEpoch());
      var token = issuer.issue(user.within(scope, request.getPermissionsList()));
      reply.onNext(
          IssueRunTokenResponse.newBuilder()
              .setToken(token.jwt())
              .setExpiresAt(Timestamp.newBuilder().setSeconds(token.expiresAt().getEpochSecond()))
              .build());
      reply.onCompleted();
    }
  }

  private final class Tools extends ToolServiceGrpc.ToolServiceImplBase {
    @Override
    public void batchGetTools(
        BatchGetToolsRequest request, StreamObserver<BatchGetToolsResponse> reply) {
      if (away) {
        reply.onError(io.grpc.Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      var found = BatchGetToolsResponse.newBuilder();
      for (var asked : request.getToolsList()) {
        var tool = tools.get(asked.getId());
        if (tool == null) {
          found.addMissing(asked);
        } else {
          found.addTools(tool);
        }
      }
      reply.onNext(found.build());
      reply.onCompleted();
    }
  }

  private static Exception refusal() {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.FAILED_PRECONDITION_VALUE)
            .setMessage("the user is suspended")
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason("USER_NOT_ACTIVE")
                        .setDomain("agentserver")
                        .build()))
            .build());
  }

  private static UUID uuidOrNull(String text) {
    return text.isEmpty() ? null : UUID.fromString(text);
  }

  @Override
  public void close() {
    peer.close();
    server.shutdownNow();
  }
}
