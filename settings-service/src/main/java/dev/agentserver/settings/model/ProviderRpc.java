package dev.agentserver.settings.model;

import com.google.protobuf.Empty;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.text.PageProto;
import dev.agentserver.settings.v1.CreateProviderRequest;
import dev.agentserver.settings.v1.DeleteProviderRequest;
import dev.agentserver.settings.v1.GetProviderRequest;
import dev.agentserver.settings.v1.ListProvidersRequest;
import dev.agentserver.settings.v1.ListProvidersResponse;
import dev.agentserver.settings.v1.Provider;
import dev.agentserver.settings.v1.ProviderServiceGrpc;
import dev.agentserver.settings.v1.UpdateProviderRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// ProviderService: translation between the contract and [Providers].
public final class ProviderRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Providers providers;

  public ProviderRpc(Providers providers) {
    this.providers = providers;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ProviderServiceGrpc.getServiceDescriptor())
        .unary(ProviderServiceGrpc.getCreateProviderMethod(), this::create)
        .unary(ProviderServiceGrpc.getGetProviderMethod(), this::get)
        .unary(ProviderServiceGrpc.getListProvidersMethod(), this::list)
        .unary(ProviderServiceGrpc.getUpdateProviderMethod(), this::update)
        .unary(ProviderServiceGrpc.getDeleteProviderMethod(), this::delete)
        .build();
  }

  private Provider create(CreateProviderRequest request) {
    Attempt<dev.agentserver.settings.model.Provider> attempt =
        Attempts.of(
            ProviderServiceGrpc.getCreateProviderMethod(),
            request,
            ProviderProto::toProto,
            ProviderProto::fromProto);
    var draft = ProviderProto.draft(request.getProvider());
    return ProviderProto.toProto(providers.create(Callers.current(), attempt, draft));
  }

  private Provider get(GetProviderRequest request) {
    var id = UUID.fromString(request.getProviderId());
    return ProviderProto.toProto(providers.get(Callers.current(), id));
  }

  private ListProvidersResponse list(ListProvidersRequest request) {
    var caller = Callers.current();
    var method = ProviderServiceGrpc.getListProvidersMethod().getFullMethodName();
    var scope = new PageScope(caller, method, "");
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page =
        PageProto.of(
            providers.list(caller, after, size + 1),
            size,
            ProviderProto::toProto,
            last -> scope.token(List.of(last.name())));
    return ListProvidersResponse.newBuilder()
        .addAllProviders(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  private Provider update(UpdateProviderRequest request) {
    Attempt<dev.agentserver.settings.model.Provider> attempt =
        Attempts.of(
            ProviderServiceGrpc.getUpdateProviderMethod(),
            request,
            ProviderProto::toProto,
            ProviderProto::fromProto);
    var id = UUID.fromString(MaskProto.required("provider.id", request.getProvider().getId()));
    return ProviderProto.toProto(
        providers.update(
            Callers.current(),
            attempt,
            id,
            request.getProvider().getEtag(),
            ProviderProto.edit(request)));
  }

  private Empty delete(DeleteProviderRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            ProviderServiceGrpc.getDeleteProviderMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getProviderId());
    providers.delete(Callers.current(), attempt, id, request.getEtag());
    return Empty.getDefaultInstance();
  }
}
