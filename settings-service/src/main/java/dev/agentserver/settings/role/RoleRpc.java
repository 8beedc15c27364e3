package dev.agentserver.settings.role;

import com.google.protobuf.Empty;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.v1.CreateRoleRequest;
import dev.agentserver.settings.v1.DeleteRoleRequest;
import dev.agentserver.settings.v1.ListRolesRequest;
import dev.agentserver.settings.v1.ListRolesResponse;
import dev.agentserver.settings.v1.Role;
import dev.agentserver.settings.v1.RoleServiceGrpc;
import dev.agentserver.settings.v1.UpdateRoleRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// RoleService: translation between the contract and [Roles].
public final class RoleRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Roles roles;

  public RoleRpc(Roles roles) {
    this.roles = roles;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RoleServiceGrpc.getServiceDescriptor())
        .unary(RoleServiceGrpc.getCreateRoleMethod(), this::create)
        .unary(RoleServiceGrpc.getListRolesMethod(), this::list)
        .unary(RoleServiceGrpc.getUpdateRoleMethod(), this::update)
        .unary(RoleServiceGrpc.getDeleteRoleMethod(), this::delete)
        .build();
  }

  private Role create(CreateRoleRequest request) {
    Attempt<dev.agentserver.settings.role.Role> attempt =
        Attempts.of(
            RoleServiceGrpc.getCreateRoleMethod(),
            request,
            RoleProto::toProto,
            RoleProto::fromProto);
    var draft = RoleProto.draft(request.getRole());
    return RoleProto.toProto(roles.create(Callers.current(), attempt, draft));
  }

  private ListRolesResponse list(ListRolesRequest request) {
    var caller = Callers.current();
    var scope = new PageScope(caller, RoleServiceGrpc.getListRolesMethod().getFullMethodName(), "");
    var after = scope.position(request.getPageToken(), RoleRpc::position).orElse(null);
    var page =
        roles.list(caller, after, PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE));
    return ListRolesResponse.newBuilder()
        .addAllRoles(page.roles().stream().map(RoleProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .build();
  }

  private Role update(UpdateRoleRequest request) {
    Attempt<dev.agentserver.settings.role.Role> attempt =
        Attempts.of(
            RoleServiceGrpc.getUpdateRoleMethod(),
            request,
            RoleProto::toProto,
            RoleProto::fromProto);
    var draft = RoleProto.draft(request.getRole());
    var etag = request.getRole().getEtag();
    return RoleProto.toProto(roles.replace(Callers.current(), attempt, draft, etag));
  }

  private Empty delete(DeleteRoleRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            RoleServiceGrpc.getDeleteRoleMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    roles.delete(Callers.current(), attempt, request.getName());
    return Empty.getDefaultInstance();
  }

  private static List<String> position(Roles.Position position) {
    return List.of(position.builtIn() ? "built-in" : "own", position.name());
  }

  private static Roles.Position position(List<String> position) {
    return new Roles.Position(position.getFirst().equals("built-in"), position.get(1));
  }
}
