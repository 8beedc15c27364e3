package dev.agentserver.settings.model;

import com.google.protobuf.Empty;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.model.Model.Name;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.text.PageProto;
import dev.agentserver.settings.v1.CreateModelRequest;
import dev.agentserver.settings.v1.DeleteModelRequest;
import dev.agentserver.settings.v1.GetModelRequest;
import dev.agentserver.settings.v1.ListModelsRequest;
import dev.agentserver.settings.v1.ListModelsResponse;
import dev.agentserver.settings.v1.Model;
import dev.agentserver.settings.v1.ModelServiceGrpc;
import dev.agentserver.settings.v1.UpdateModelRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// ModelService: translation between the contract and [Models].
public final class ModelRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Models models;

  public ModelRpc(Models models) {
    this.models = models;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ModelServiceGrpc.getServiceDescriptor())
        .unary(ModelServiceGrpc.getCreateModelMethod(), this::create)
        .unary(ModelServiceGrpc.getGetModelMethod(), this::get)
        .unary(ModelServiceGrpc.getListModelsMethod(), this::list)
        .unary(ModelServiceGrpc.getUpdateModelMethod(), this::update)
        .unary(ModelServiceGrpc.getDeleteModelMethod(), this::delete)
        .build();
  }

  private Model create(CreateModelRequest request) {
    Attempt<dev.agentserver.settings.model.Model> attempt =
        Attempts.of(
            ModelServiceGrpc.getCreateModelMethod(),
            request,
            ModelProto::toProto,
            ModelProto::fromProto);
    var draft = ModelProto.draft(request.getModel());
    return ModelProto.toProto(models.create(Callers.current(), attempt, draft));
  }

  private Model get(GetModelRequest request) {
    return ModelProto.toProto(models.get(Callers.current(), UUID.fromString(request.getModelId())));
  }

  private ListModelsResponse list(ListModelsRequest request) {
    var caller = Callers.current();
    var filter = new Models.Filter(request.getProviderName(), request.getIncludeInactive());
    var method = ModelServiceGrpc.getListModelsMethod().getFullMethodName();
    var scope = new PageScope(caller, method, filter.toString());
    var after =
        scope
            .position(request.getPageToken(), each -> new Name(each.getFirst(), each.get(1)))
            .orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page =
        PageProto.of(
            models.list(caller, filter, after, size + 1),
            size,
            ModelProto::toProto,
            last -> scope.token(List.of(last.name().provider(), last.name().model())));
    return ListModelsResponse.newBuilder()
        .addAllModels(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  private Model update(UpdateModelRequest request) {
    Attempt<dev.agentserver.settings.model.Model> attempt =
        Attempts.of(
            ModelServiceGrpc.getUpdateModelMethod(),
            request,
            ModelProto::toProto,
            ModelProto::fromProto);
    var id = UUID.fromString(MaskProto.required("model.id", request.getModel().getId()));
    return ModelProto.toProto(
        models.update(
            Callers.current(),
            attempt,
            id,
            request.getModel().getEtag(),
            ModelProto.edit(request)));
  }

  private Empty delete(DeleteModelRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            ModelServiceGrpc.getDeleteModelMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getModelId());
    models.delete(Callers.current(), attempt, id, request.getEtag());
    return Empty.getDefaultInstance();
  }
}
