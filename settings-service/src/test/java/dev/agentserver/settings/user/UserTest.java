package dev.agentserver.settings.user;

import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateUserRequest;
import dev.agentserver.settings.v1.DeleteUserRequest;
import dev.agentserver.settings.v1.Erasure;
import dev.agentserver.settings.v1.GetUserRequest;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// A tenant with an owner, anew for every test.
abstract class UserTest extends ServiceTest {
  protected UUID home;
  protected Person owner;

  @BeforeEach
  void newTenant() {
    home = UUID.randomUUID();
    owner = service.person(home, "TENANT_OWNER");
  }

  static User create(Person by, User.Builder user) {
    return by.users().createUser(CreateUserRequest.newBuilder().setUser(user).build());
  }

  static User get(Person by, String id) {
    return by.users().getUser(GetUserRequest.newBuilder().setUserId(id).build());
  }

  static User update(Person by, String id, User.Builder user, String... paths) {
    return by.users()
        .updateUser(
            UpdateUserRequest.newBuilder()
                .setUser(user.setId(id))
                .setUpdateMask(mask(paths))
                .build());
  }

  static User roles(Person by, String id, String... roles) {
    return update(by, id, User.newBuilder().addAllRoles(java.util.List.of(roles)), "roles");
  }

  static Erasure delete(Person by, String id) {
    return by.users().deleteUser(DeleteUserRequest.newBuilder().setUserId(id).build());
  }
}
