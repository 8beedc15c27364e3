package dev.agentserver.agentrun.link;

import com.google.protobuf.ProtocolStringList;
import dev.agentserver.agentrun.v1.CheckFileAccessRequest;
import dev.agentserver.agentrun.v1.CheckFileAccessResponse;
import dev.agentserver.agentrun.v1.FileAccessServiceGrpc;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;

/// FileAccessService: who may read the sessions and agents that use files.
public final class FileAccessRpc implements BindableService {
  private final BiPredicate<Caller, Collection<UUID>> sessions;
  private final BiPredicate<Caller, Collection<UUID>> agents;

  /// @param sessions whether a caller may read one of them
  /// @param agents the same of agents
  public FileAccessRpc(
      BiPredicate<Caller, Collection<UUID>> sessions,
      BiPredicate<Caller, Collection<UUID>> agents) {
    this.sessions = sessions;
    this.agents = agents;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FileAccessServiceGrpc.getServiceDescriptor())
        .unary(FileAccessServiceGrpc.getCheckFileAccessMethod(), this::check)
        .build();
  }

  private CheckFileAccessResponse check(CheckFileAccessRequest request) {
    var caller = Callers.current();
    return CheckFileAccessResponse.newBuilder()
        .setReadable(
            sessions.test(caller, ids(request.getSessionIdsList()))
                || agents.test(caller, ids(request.getAgentIdsList())))
        .build();
  }

  private static List<UUID> ids(ProtocolStringList texts) {
    return texts.stream().map(UUID::fromString).toList();
  }
}
