package dev.agentserver.agentrun.session.checkpoint;

import static dev.agentserver.agentrun.text.ProtoText.clean;

import com.google.protobuf.Empty;
import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.v1.Checkpoint;
import dev.agentserver.agentrun.v1.CheckpointServiceGrpc;
import dev.agentserver.agentrun.v1.CompleteCheckpointRequest;
import dev.agentserver.agentrun.v1.CreateCheckpointRequest;
import dev.agentserver.agentrun.v1.DeleteCheckpointRequest;
import dev.agentserver.agentrun.v1.ListCheckpointsRequest;
import dev.agentserver.agentrun.v1.ListCheckpointsResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// CheckpointService: translation between the contract and [Checkpoints].
public final class CheckpointRpc implements BindableService {
  private final Checkpoints checkpoints;
  private final PageSizes pages;

  public CheckpointRpc(Checkpoints checkpoints, PageSizes pages) {
    this.checkpoints = checkpoints;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(CheckpointServiceGrpc.getServiceDescriptor())
        .unary(CheckpointServiceGrpc.getCreateCheckpointMethod(), this::create)
        .unary(CheckpointServiceGrpc.getListCheckpointsMethod(), this::list)
        .unary(CheckpointServiceGrpc.getCompleteCheckpointMethod(), this::complete)
        .unary(CheckpointServiceGrpc.getDeleteCheckpointMethod(), this::delete)
        .build();
  }

  private Checkpoint create(CreateCheckpointRequest request) {
    var attempt =
        Attempts.of(
            CheckpointServiceGrpc.getCreateCheckpointMethod(),
            request,
            CheckpointProto::toProto,
            CheckpointProto::fromProto);
    return CheckpointProto.toProto(
        checkpoints.create(
            Callers.current(),
            attempt,
            SessionRef.of(request.getSessionId()),
            request.getNumber(),
            clean(request.getTitle()),
            clean(request.getDescription())));
  }

  private ListCheckpointsResponse list(ListCheckpointsRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            CheckpointServiceGrpc.getListCheckpointsMethod().getFullMethodName(),
            request.getSessionId());
    var after =
        scope
            .position(request.getPageToken(), position -> Integer.parseInt(position.getFirst()))
            .orElse(0);
    var size = pages.of(request.getPageSize());
    var found = checkpoints.list(caller, SessionRef.of(request.getSessionId()), after, size + 1);
    var page = found.size() > size ? found.subList(0, size) : found;
    return ListCheckpointsResponse.newBuilder()
        .addAllCheckpoints(page.stream().map(CheckpointProto::toProto).toList())
        .setNextPageToken(
            found.size() > size
                ? scope.token(List.of(Integer.toString(page.getLast().number())))
                : "")
        .build();
  }

  private Checkpoint complete(CompleteCheckpointRequest request) {
    return CheckpointProto.toProto(
        checkpoints.complete(
            Callers.current(), SessionRef.of(request.getSessionId()), request.getNumber()));
  }

  private Empty delete(DeleteCheckpointRequest request) {
    checkpoints.delete(
        Callers.current(), SessionRef.of(request.getSessionId()), request.getNumber());
    return Empty.getDefaultInstance();
  }
}
