package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.text.ProtoText.clean;

import com.google.protobuf.Empty;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.v1.CreateSettingDefinitionRequest;
import dev.agentserver.settings.v1.DeleteSettingDefinitionRequest;
import dev.agentserver.settings.v1.GetSettingDefinitionRequest;
import dev.agentserver.settings.v1.ListSettingDefinitionsRequest;
import dev.agentserver.settings.v1.ListSettingDefinitionsResponse;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingDefinitionServiceGrpc;
import dev.agentserver.settings.v1.UpdateSettingDefinitionRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// SettingDefinitionService: translation between the contract and [Definitions].
public final class DefinitionRpc implements BindableService {
  /// A definition may have 32 KiB: a page has 2 MiB at most.
  private static final int MAX_PAGE = 50;

  private final Definitions definitions;

  DefinitionRpc(Definitions definitions) {
    this.definitions = definitions;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(SettingDefinitionServiceGrpc.getServiceDescriptor())
        .unary(SettingDefinitionServiceGrpc.getCreateSettingDefinitionMethod(), this::create)
        .unary(SettingDefinitionServiceGrpc.getGetSettingDefinitionMethod(), this::get)
        .unary(SettingDefinitionServiceGrpc.getListSettingDefinitionsMethod(), this::list)
        .unary(SettingDefinitionServiceGrpc.getUpdateSettingDefinitionMethod(), this::update)
        .unary(SettingDefinitionServiceGrpc.getDeleteSettingDefinitionMethod(), this::delete)
        .build();
  }

  private SettingDefinition create(CreateSettingDefinitionRequest request) {
    Attempt<Definition> attempt =
        Attempts.of(
            SettingDefinitionServiceGrpc.getCreateSettingDefinitionMethod(),
            request,
            SettingProto::toProto,
            SettingProto::fromProto);
    return SettingProto.toProto(
        definitions.create(
            Callers.current(),
            attempt,
            SettingProto.draft(request.getDefinition()),
            clean(request.getReason())));
  }

  private SettingDefinition get(GetSettingDefinitionRequest request) {
    return SettingProto.toProto(definitions.get(Callers.current(), clean(request.getKey())));
  }

  private ListSettingDefinitionsResponse list(ListSettingDefinitionsRequest request) {
    var caller = Callers.current();
    var prefix = clean(request.getKeyPrefix());
    var scope =
        new PageScope(
            caller,
            SettingDefinitionServiceGrpc.getListSettingDefinitionsMethod().getFullMethodName(),
            prefix);
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = PageScope.size(request.getPageSize(), MAX_PAGE, MAX_PAGE);
    var page = definitions.list(caller, prefix, after, size);
    return ListSettingDefinitionsResponse.newBuilder()
        .addAllDefinitions(page.definitions().stream().map(SettingProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(List.of(page.next())))
        .build();
  }

  private SettingDefinition update(UpdateSettingDefinitionRequest request) {
    Attempt<Definition> attempt =
        Attempts.of(
            SettingDefinitionServiceGrpc.getUpdateSettingDefinitionMethod(),
            request,
            SettingProto::toProto,
            SettingProto::fromProto);
    return SettingProto.toProto(
        definitions.replace(
            Callers.current(),
            attempt,
            SettingProto.draft(request.getDefinition()),
            request.getDefinition().getEtag(),
            clean(request.getReason())));
  }

  private Empty delete(DeleteSettingDefinitionRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            SettingDefinitionServiceGrpc.getDeleteSettingDefinitionMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    definitions.delete(
        Callers.current(), attempt, clean(request.getKey()), clean(request.getReason()));
    return Empty.getDefaultInstance();
  }
}
