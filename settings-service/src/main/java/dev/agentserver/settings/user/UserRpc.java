package dev.agentserver.settings.user;

import static dev.agentserver.settings.text.ProtoText.cleanOrNull;

import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.erasure.ErasureProto;
import dev.agentserver.settings.erasure.Erasures;
import dev.agentserver.settings.user.UserStore.Position;
import dev.agentserver.settings.v1.CreateUserRequest;
import dev.agentserver.settings.v1.DeleteUserRequest;
import dev.agentserver.settings.v1.Erasure;
import dev.agentserver.settings.v1.GetErasureRequest;
import dev.agentserver.settings.v1.GetUserRequest;
import dev.agentserver.settings.v1.ListUsersRequest;
import dev.agentserver.settings.v1.ListUsersResponse;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import dev.agentserver.settings.v1.UserServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// UserService: translation between the contract and [Users], [UserChanges] and [Erasures].
public final class UserRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Users users;
  private final UserChanges changes;
  private final Erasures erasures;

  public UserRpc(Users users, UserChanges changes, Erasures erasures) {
    this.users = users;
    this.changes = changes;
    this.erasures = erasures;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(UserServiceGrpc.getServiceDescriptor())
        .unary(UserServiceGrpc.getCreateUserMethod(), this::create)
        .unary(UserServiceGrpc.getGetUserMethod(), this::get)
        .unary(UserServiceGrpc.getListUsersMethod(), this::list)
        .unary(UserServiceGrpc.getUpdateUserMethod(), this::update)
        .unary(UserServiceGrpc.getDeleteUserMethod(), this::delete)
        .unary(UserServiceGrpc.getGetErasureMethod(), this::erasure)
        .build();
  }

  private User create(CreateUserRequest request) {
    Attempt<dev.agentserver.settings.user.User> attempt =
        Attempts.of(
            UserServiceGrpc.getCreateUserMethod(),
            request,
            UserProto::toProto,
            UserProto::fromProto);
    var draft = UserProto.draft(request.getUser());
    return UserProto.toProto(users.create(Callers.current(), attempt, draft));
  }

  private User get(GetUserRequest request) {
    return UserProto.toProto(users.get(Callers.current(), UUID.fromString(request.getUserId())));
  }

  private ListUsersResponse list(ListUsersRequest request) {
    var caller = Callers.current();
    var filter = new UserFilter(cleanOrNull(request.getRole()), cleanOrNull(request.getEmail()));
    var scope =
        new PageScope(
            caller, UserServiceGrpc.getListUsersMethod().getFullMethodName(), filter.toString());
    var after = scope.position(request.getPageToken(), UserRpc::position).orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page = users.list(caller, filter, after, size);
    return ListUsersResponse.newBuilder()
        .addAllUsers(page.users().stream().map(UserProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .build();
  }

  private User update(UpdateUserRequest request) {
    Attempt<dev.agentserver.settings.user.User> attempt =
        Attempts.of(
            UserServiceGrpc.getUpdateUserMethod(),
            request,
            UserProto::toProto,
            UserProto::fromProto);
    var id = id(request.getUser().getId());
    var etag = request.getUser().getEtag();
    return UserProto.toProto(
        changes.update(Callers.current(), attempt, id, etag, EditProto.edits(request)));
  }

  private Erasure delete(DeleteUserRequest request) {
    Attempt<dev.agentserver.settings.erasure.Erasure> attempt =
        Attempts.of(
            UserServiceGrpc.getDeleteUserMethod(),
            request,
            ErasureProto::toProto,
            ErasureProto::fromProto);
    var id = UUID.fromString(request.getUserId());
    return ErasureProto.toProto(changes.delete(Callers.current(), attempt, id));
  }

  private Erasure erasure(GetErasureRequest request) {
    var id = UUID.fromString(request.getErasureId());
    return ErasureProto.toProto(erasures.get(Callers.current(), id));
  }

  private static UUID id(String id) {
    if (id.isEmpty()) {
      throw Problem.invalid("user.id", "must be set");
    }
    return UUID.fromString(id);
  }

  private static List<String> position(Position position) {
    return List.of(position.createdAt().toString(), position.id().toString());
  }

  private static Position position(List<String> position) {
    return new Position(Instant.parse(position.getFirst()), UUID.fromString(position.get(1)));
  }
}
