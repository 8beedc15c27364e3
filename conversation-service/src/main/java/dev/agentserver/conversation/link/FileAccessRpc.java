package dev.agentserver.conversation.link;

import dev.agentserver.conversation.v1.CheckFileAccessRequest;
import dev.agentserver.conversation.v1.CheckFileAccessResponse;
import dev.agentserver.conversation.v1.FileAccessServiceGrpc;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// FileAccessService: translation between the contract and [FileAccess].
public final class FileAccessRpc implements BindableService {
  private final FileAccess access;

  public FileAccessRpc(FileAccess access) {
    this.access = access;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FileAccessServiceGrpc.getServiceDescriptor())
        .unary(FileAccessServiceGrpc.getCheckFileAccessMethod(), this::check)
        .build();
  }

  private CheckFileAccessResponse check(CheckFileAccessRequest request) {
    var conversations = request.getConversationIdsList().stream().map(UUID::fromString).toList();
    return CheckFileAccessResponse.newBuilder()
        .setReadable(
            access.isReadable(
                Callers.current(), UUID.fromString(request.getFileId()), conversations))
        .build();
  }
}
