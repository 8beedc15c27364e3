package dev.agentserver.conversation.context;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import dev.agentserver.conversation.v1.BuildContextRequest;
import dev.agentserver.conversation.v1.BuildContextResponse;
import dev.agentserver.conversation.v1.ContextCheckpoint;
import dev.agentserver.conversation.v1.ContextServiceGrpc;
import dev.agentserver.conversation.v1.PutContextCheckpointRequest;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// ContextService: translation between the contract and [Contexts] and [Checkpoints].
public final class ContextRpc implements BindableService {
  private final Contexts contexts;
  private final Checkpoints checkpoints;

  public ContextRpc(Contexts contexts, Checkpoints checkpoints) {
    this.contexts = contexts;
    this.checkpoints = checkpoints;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ContextServiceGrpc.getServiceDescriptor())
        .unary(ContextServiceGrpc.getBuildContextMethod(), this::build)
        .unary(ContextServiceGrpc.getPutContextCheckpointMethod(), this::put)
        .build();
  }

  private BuildContextResponse build(BuildContextRequest request) {
    return ContextProto.toProto(
        contexts.build(
            Callers.current(),
            UUID.fromString(request.getConversationId()),
            uuidOrNull(request.getParentMessageId()),
            ContextProto.budget(request)));
  }

  private ContextCheckpoint put(PutContextCheckpointRequest request) {
    return ContextProto.toProto(
        checkpoints.put(
            Callers.current(),
            UUID.fromString(request.getConversationId()),
            UUID.fromString(request.getMessageId()),
            clean(request.getSummary()),
            request.hasTokenCount() ? request.getTokenCount() : null));
  }
}
