package dev.agentserver.settings.integration;

import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.text.PageProto;
import dev.agentserver.settings.tool.Tools;
import dev.agentserver.settings.v1.BatchGetIntegrationsRequest;
import dev.agentserver.settings.v1.BatchGetIntegrationsResponse;
import dev.agentserver.settings.v1.CreateIntegrationRequest;
import dev.agentserver.settings.v1.DeleteIntegrationRequest;
import dev.agentserver.settings.v1.GetIntegrationRequest;
import dev.agentserver.settings.v1.GetLegacyConfigRequest;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.IntegrationServiceGrpc;
import dev.agentserver.settings.v1.ListIntegrationsRequest;
import dev.agentserver.settings.v1.ListIntegrationsResponse;
import dev.agentserver.settings.v1.TestIntegrationRequest;
import dev.agentserver.settings.v1.TestIntegrationResponse;
import dev.agentserver.settings.v1.UpdateIntegrationRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// IntegrationService: translation between the contract and [Integrations].
public final class IntegrationRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Integrations integrations;
  private final Tools tools;

  public IntegrationRpc(Integrations integrations, Tools tools) {
    this.integrations = integrations;
    this.tools = tools;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(IntegrationServiceGrpc.getServiceDescriptor())
        .unary(IntegrationServiceGrpc.getCreateIntegrationMethod(), this::create)
        .unary(IntegrationServiceGrpc.getGetIntegrationMethod(), this::get)
        .unary(IntegrationServiceGrpc.getListIntegrationsMethod(), this::list)
        .unary(IntegrationServiceGrpc.getBatchGetIntegrationsMethod(), this::batchGet)
        .unary(IntegrationServiceGrpc.getUpdateIntegrationMethod(), this::update)
        .unary(IntegrationServiceGrpc.getDeleteIntegrationMethod(), this::delete)
        .unary(IntegrationServiceGrpc.getTestIntegrationMethod(), this::test)
        .unary(IntegrationServiceGrpc.getGetLegacyConfigMethod(), this::legacy)
        .build();
  }

  private Integration create(CreateIntegrationRequest request) {
    Attempt<dev.agentserver.settings.integration.Integration> attempt =
        Attempts.of(
            IntegrationServiceGrpc.getCreateIntegrationMethod(),
            request,
            IntegrationProto::toProto,
            IntegrationProto::fromProto);
    var draft = IntegrationProto.draft(request.getIntegration());
    return IntegrationProto.toProto(integrations.create(Callers.current(), attempt, draft));
  }

  private Integration get(GetIntegrationRequest request) {
    var id = UUID.fromString(request.getIntegrationId());
    return IntegrationProto.toProto(integrations.get(Callers.current(), id));
  }

  private ListIntegrationsResponse list(ListIntegrationsRequest request) {
    var caller = Callers.current();
    var method = IntegrationServiceGrpc.getListIntegrationsMethod().getFullMethodName();
    var scope = new PageScope(caller, method, "");
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page =
        PageProto.of(
            integrations.list(caller, after, size + 1),
            size,
            IntegrationProto::toProto,
            last -> scope.token(List.of(last.name())));
    return ListIntegrationsResponse.newBuilder()
        .addAllIntegrations(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  private BatchGetIntegrationsResponse batchGet(BatchGetIntegrationsRequest request) {
    var ids = request.getIdsList().stream().map(UUID::fromString).toList();
    var found = integrations.find(Callers.current(), ids, request.getNamesList());
    var there = new HashSet<String>();
    found.forEach(each -> there.addAll(List.of(each.id().toString(), each.name())));
    return BatchGetIntegrationsResponse.newBuilder()
        .addAllIntegrations(found.stream().map(IntegrationProto::toProto).toList())
        .addAllMissing(
            Stream.concat(ids.stream().map(UUID::toString), request.getNamesList().stream())
                .filter(each -> !there.contains(each))
                .toList())
        .build();
  }

  private Integration update(UpdateIntegrationRequest request) {
    Attempt<dev.agentserver.settings.integration.Integration> attempt =
        Attempts.of(
            IntegrationServiceGrpc.getUpdateIntegrationMethod(),
            request,
            IntegrationProto::toProto,
            IntegrationProto::fromProto);
    var sent = request.getIntegration();
    var id = UUID.fromString(MaskProto.required("integration.id", sent.getId()));
    return IntegrationProto.toProto(
        integrations.update(
            Callers.current(), attempt, id, sent.getEtag(), IntegrationProto.edit(request)));
  }

  private Empty delete(DeleteIntegrationRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            IntegrationServiceGrpc.getDeleteIntegrationMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getIntegrationId());
    integrations.delete(Callers.current(), attempt, id, request.getEtag());
    return Empty.getDefaultInstance();
  }

  private TestIntegrationResponse test(TestIntegrationRequest request) {
    var method = IntegrationServiceGrpc.getTestIntegrationMethod().getFullMethodName();
    var id = UUID.fromString(request.getIntegrationId());
    return IntegrationProto.toProto(integrations.test(Callers.current(), method, id));
  }

  private Struct legacy(GetLegacyConfigRequest request) {
    var caller = Callers.current();
    var ids = request.getIdsList().stream().map(UUID::fromString).toList();
    return LegacyProto.toProto(
        integrations.find(caller, ids, request.getNamesList()), tools.namesByIntegration(caller));
  }
}
