package dev.agentserver.settings.organization;

import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.erasure.ErasureProto;
import dev.agentserver.settings.organization.OrganizationStore.Position;
import dev.agentserver.settings.v1.CreateOrganizationRequest;
import dev.agentserver.settings.v1.CreateOrganizationResponse;
import dev.agentserver.settings.v1.DeleteOrganizationRequest;
import dev.agentserver.settings.v1.Erasure;
import dev.agentserver.settings.v1.GetOrganizationRequest;
import dev.agentserver.settings.v1.ListOrganizationsRequest;
import dev.agentserver.settings.v1.ListOrganizationsResponse;
import dev.agentserver.settings.v1.Organization;
import dev.agentserver.settings.v1.OrganizationServiceGrpc;
import dev.agentserver.settings.v1.UpdateOrganizationRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// OrganizationService: translation between the contract, [Organizations] and [Closing].
public final class OrganizationRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final String OWN = "me";

  private final Organizations organizations;
  private final Closing closing;

  public OrganizationRpc(Organizations organizations, Closing closing) {
    this.organizations = organizations;
    this.closing = closing;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(OrganizationServiceGrpc.getServiceDescriptor())
        .unary(OrganizationServiceGrpc.getCreateOrganizationMethod(), this::create)
        .unary(OrganizationServiceGrpc.getGetOrganizationMethod(), this::get)
        .unary(OrganizationServiceGrpc.getListOrganizationsMethod(), this::list)
        .unary(OrganizationServiceGrpc.getUpdateOrganizationMethod(), this::update)
        .unary(OrganizationServiceGrpc.getDeleteOrganizationMethod(), this::delete)
        .build();
  }

  private CreateOrganizationResponse create(CreateOrganizationRequest request) {
    Attempt<Founding> attempt =
        Attempts.of(
            OrganizationServiceGrpc.getCreateOrganizationMethod(),
            request,
            OrganizationProto::toProto,
            OrganizationProto::fromProto);
    var draft = OrganizationProto.draft(request);
    return OrganizationProto.toProto(organizations.create(Callers.current(), attempt, draft));
  }

  private Organization get(GetOrganizationRequest request) {
    var id = request.getOrganizationId();
    return OrganizationProto.toProto(
        organizations.get(Callers.current(), id.equals(OWN) ? null : id("organization_id", id)));
  }

  private ListOrganizationsResponse list(ListOrganizationsRequest request) {
    var scope =
        new PageScope(
            Callers.current(),
            OrganizationServiceGrpc.getListOrganizationsMethod().getFullMethodName(),
            "");
    var after = scope.position(request.getPageToken(), OrganizationRpc::position).orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page = organizations.list(after, size);
    return ListOrganizationsResponse.newBuilder()
        .addAllOrganizations(page.organizations().stream().map(OrganizationProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .build();
  }

  private Organization update(UpdateOrganizationRequest request) {
    Attempt<dev.agentserver.settings.organization.Organization> attempt =
        Attempts.of(
            OrganizationServiceGrpc.getUpdateOrganizationMethod(),
            request,
            OrganizationProto::toProto,
            OrganizationProto::fromProto);
    var named = request.getOrganization();
    return OrganizationProto.toProto(
        organizations.rename(
            Callers.current(),
            attempt,
            id("organization.id", named.getId()),
            named.getEtag(),
            OrganizationProto.name(request)));
  }

  private Erasure delete(DeleteOrganizationRequest request) {
    Attempt<dev.agentserver.settings.erasure.Erasure> attempt =
        Attempts.of(
            OrganizationServiceGrpc.getDeleteOrganizationMethod(),
            request,
            ErasureProto::toProto,
            ErasureProto::fromProto);
    var id = UUID.fromString(request.getOrganizationId());
    return ErasureProto.toProto(closing.close(Callers.current(), attempt, id));
  }

  private static UUID id(String field, String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(field, "must be a UUID");
    }
  }

  private static List<String> position(Position position) {
    return List.of(position.createdAt().toString(), position.id().toString());
  }

  private static Position position(List<String> position) {
    return new Position(Instant.parse(position.getFirst()), UUID.fromString(position.get(1)));
  }
}
