package dev.agentserver.settings.role;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.test.Fewest;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateRoleRequest;
import dev.agentserver.settings.v1.CreateUserRequest;
import dev.agentserver.settings.v1.DeleteRoleRequest;
import dev.agentserver.settings.v1.GetUserRequest;
import dev.agentserver.settings.v1.ListRolesRequest;
import dev.agentserver.settings.v1.Role;
import dev.agentserver.settings.v1.UpdateRoleRequest;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoleRpcTest extends ServiceTest {
  private Person owner;

  @BeforeEach
  void newTenant() {
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
  }

  @Test
  void aRoleOfTheTenantsOwnIsListedAfterTheBuiltInOnes() {
    var editor = create("EDITOR", "conversation:write", "conversation:read");
    create("AUTHOR");
    assertThat(editor.getPermissionsList())
        .containsExactly("conversation:read", "conversation:write");
    assertThat(editor.getBuiltIn()).isFalse();
    assertThat(editor.getEtag()).isEqualTo("1");
    assertThat(audited(owner, "CreateRole", "EDITOR"))
        .containsExactly("DONE: description,permissions");
    var names = new ArrayList<>(BuiltInRoles.all().keySet().stream().sorted().toList());
    names.addAll(List.of("AUTHOR", "EDITOR"));
    for (var size = 1; size <= names.size() + 1; size++) {
      assertThat(walk(size)).as("pages of " + size).isEqualTo(names);
    }
    var all = ListRolesRequest.getDefaultInstance();
    assertThat(Fewest.of(() -> service.statements(() -> owner.roles().listRoles(all))))
        .isLessThanOrEqualTo(2);
    assertThat(owner.roles().listRoles(all).getRolesList()).contains(editor);
  }

  @Test
  void builtInRolesSayWhatTheyMay() {
    var roles = owner.roles().listRoles(ListRolesRequest.getDefaultInstance()).getRolesList();
    var viewer = roles.stream().filter(role -> role.getName().equals("VIEWER")).findFirst();
    assertThat(viewer.orElseThrow())
        .isEqualTo(
            Role.newBuilder()
                .setName("VIEWER")
                .setBuiltIn(true)
                .addPermissions("conversation:read")
                .addPermissions("file:read")
                .build());
  }

  @Test
  void aNameIsTakenOnceAlsoByABuiltInRole() {
    create("EDITOR");
    taken("EDITOR");
    taken("MEMBER");
  }

  @Test
  void nobodyMakesARoleOfPermissionsTheyLack() {
    denied("platform:write", () -> create("ROOT", "platform:write"));
    denied("no:such", () -> create("ROOT", "no:such"));
    create("EDITOR", "conversation:read");
    denied("no:such", () -> replace("EDITOR", "", "no:such"));
    var admin = service.person(owner.caller().tenantId(), "ADMIN");
    create("KEEPER", "conversation:read_any", "conversation:read");
    var narrower =
        UpdateRoleRequest.newBuilder()
            .setRole(Role.newBuilder().setName("KEEPER").addPermissions("conversation:read"))
            .build();
    denied("conversation:read_any", () -> admin.roles().updateRole(narrower));
    denied("conversation:read_any", () -> admin.roles().deleteRole(deletion("KEEPER")));
    var renamed =
        narrower.toBuilder()
            .setRole(
                Role.newBuilder()
                    .setName("KEEPER")
                    .setDescription("keeps")
                    .addPermissions("conversation:read")
                    .addPermissions("conversation:read_any"))
            .build();
    assertThat(admin.roles().updateRole(renamed).getDescription()).isEqualTo("keeps");
  }

  @Test
  void aRoleIsReplacedWhole() {
    create("EDITOR", "conversation:read");
    var replaced = replace("EDITOR", "1", "conversation:write");
    assertThat(replaced.getPermissionsList()).containsExactly("conversation:write");
    assertThat(replaced.getEtag()).isEqualTo("2");
    assertThat(replace("EDITOR", "2", "conversation:write")).isEqualTo(replaced);
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> replace("EDITOR", "1"))
        .containsEntry("etag", "2");
    assertThat(audited(owner, "UpdateRole", "EDITOR")).hasSize(1);
  }

  @Test
  void builtInAndMissingRolesAreNotThereToBeChanged() {
    for (var name : new String[] {"MEMBER", "NO_SUCH_ROLE"}) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> replace(name, ""));
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> owner.roles().deleteRole(deletion(name)));
    }
    create("EDITOR");
    var stranger = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> stranger.roles().deleteRole(deletion("EDITOR")));
  }

  @Test
  void aDeletedRoleIsTakenFromEverybody() {
    create("EDITOR", "conversation:read");
    var ann =
        owner
            .users()
            .createUser(
                CreateUserRequest.newBuilder()
                    .setUser(User.newBuilder().addRoles("EDITOR").addRoles("WORKER"))
                    .build());
    owner.roles().deleteRole(deletion("EDITOR"));
    var after = owner.users().getUser(GetUserRequest.newBuilder().setUserId(ann.getId()).build());
    assertThat(after.getRolesList()).containsExactly("WORKER");
    assertThat(after.getEtag()).isEqualTo("2");
    assertThat(audited(owner, "DeleteRole", "EDITOR")).hasSize(1);
    create("EDITOR", "conversation:write");
    assertThat(
            owner
                .users()
                .getUser(GetUserRequest.newBuilder().setUserId(ann.getId()).build())
                .getRolesList())
        .containsExactly("WORKER");
  }

  @Test
  void aRetryMakesOneRole() {
    var request =
        CreateRoleRequest.newBuilder()
            .setRole(Role.newBuilder().setName("EDITOR"))
            .setRequestId("r")
            .build();
    var first = owner.roles().createRole(request);
    assertThat(owner.roles().createRole(request)).isEqualTo(first);
    var deletion = deletion("EDITOR").toBuilder().setRequestId("d").build();
    owner.roles().deleteRole(deletion);
    owner.roles().deleteRole(deletion);
  }

  private void taken(String name) {
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> create(name));
  }

  private static void denied(
      String permission, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", call)
        .containsEntry("permission", permission);
  }

  private Role create(String name, String... permissions) {
    return owner
        .roles()
        .createRole(
            CreateRoleRequest.newBuilder()
                .setRole(Role.newBuilder().setName(name).addAllPermissions(List.of(permissions)))
                .build());
  }

  private Role replace(String name, String etag, String... permissions) {
    return owner
        .roles()
        .updateRole(
            UpdateRoleRequest.newBuilder()
                .setRole(
                    Role.newBuilder()
                        .setName(name)
                        .setEtag(etag)
                        .addAllPermissions(List.of(permissions)))
                .build());
  }

  private static DeleteRoleRequest deletion(String name) {
    return DeleteRoleRequest.newBuilder().setName(name).build();
  }

  private List<String> walk(int size) {
    var names = new ArrayList<String>();
    var request = ListRolesRequest.newBuilder().setPageSize(size).build();
    while (true) {
      var page = owner.roles().listRoles(request);
      page.getRolesList().forEach(role -> names.add(role.getName()));
      if (page.getNextPageToken().isEmpty()) {
        return names;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
  }
}
