package dev.agentserver.settings.user;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Fewest;
import dev.agentserver.settings.v1.CreateUserRequest;
import dev.agentserver.settings.v1.ListUsersRequest;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserRpcTest extends UserTest {
  @Test
  void aNewUserIsAMemberWhoIsActive() {
    var created = create(owner, User.newBuilder().setEmail("Ann@Example.org").setName("Ann"));
    assertThat(created.getRolesList()).containsExactly("MEMBER");
    assertThat(created.getKind()).isEqualTo(User.Kind.KIND_HUMAN);
    assertThat(created.getState()).isEqualTo(User.State.STATE_ACTIVE);
    assertThat(created.getEmail()).isEqualTo("Ann@Example.org");
    assertThat(created.getEtag()).isEqualTo("1");
    assertThat(created.hasLastLoginAt()).isFalse();
    assertThat(get(owner, created.getId())).isEqualTo(created);
    assertThat(audited(owner, "CreateUser", created.getId()))
        .containsExactly("DONE: email,name,roles,state");
  }

  @Test
  void whatTheClientSaysIsKept() {
    var id = UUID.randomUUID().toString();
    var created =
        create(
            owner,
            User.newBuilder()
                .setId(id)
                .setKind(User.Kind.KIND_SERVICE)
                .setState(User.State.STATE_SUSPENDED)
                .addRoles("WORKER")
                .addRoles("VIEWER"));
    assertThat(created.getId()).isEqualTo(id);
    assertThat(created.getKind()).isEqualTo(User.Kind.KIND_SERVICE);
    assertThat(created.getState()).isEqualTo(User.State.STATE_SUSPENDED);
    assertThat(created.getRolesList()).containsExactly("VIEWER", "WORKER");
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> create(owner, User.newBuilder().setId(id)));
  }

  @Test
  void anAddressIsTakenOnceInATenantWhateverItsLetterCase() {
    create(owner, User.newBuilder().setEmail("ann@example.org"));
    var other = create(owner, User.newBuilder().setEmail("bob@example.org"));
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> create(owner, User.newBuilder().setEmail("ANN@example.org")));
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> update(owner, other.getId(), User.newBuilder().setEmail("Ann@Example.org")));
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    create(elsewhere, User.newBuilder().setEmail("ann@example.org"));
    create(owner, User.newBuilder());
    create(owner, User.newBuilder());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "@", "ann@", "@example.org", "a b@example.org", "a@b@c", "a@b\n"})
  void whatIsNoAddressIsRefused(String email) {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> create(owner, User.newBuilder().setEmail(email)))
        .field("user.email");
  }

  @Test
  void aRetryMakesOneUser() {
    var request =
        CreateUserRequest.newBuilder()
            .setUser(User.newBuilder().setEmail("ann@example.org"))
            .setRequestId("r-1")
            .build();
    var first = owner.users().createUser(request);
    assertThat(owner.users().createUser(request)).isEqualTo(first);
  }

  @Test
  void listsComeOldestFirstInPagesOfOneStatement() {
    var ids = new ArrayList<String>();
    ids.add(owner.id());
    for (var i = 0; i < 6; i++) {
      ids.add(create(owner, User.newBuilder().setName("u" + i)).getId());
    }
    assertThat(walk(ListUsersRequest.newBuilder().setPageSize(3).build())).isEqualTo(ids);
    var all = ListUsersRequest.getDefaultInstance();
    assertThat(Fewest.of(() -> service.statements(() -> owner.users().listUsers(all))))
        .isLessThanOrEqualTo(2);
  }

  @Test
  void listsAreFilteredByRoleAndByAddress() {
    var ann = create(owner, User.newBuilder().setEmail("ann@example.org").addRoles("ADMIN"));
    create(owner, User.newBuilder().setEmail("bob@example.org"));
    assertThat(walk(ListUsersRequest.newBuilder().setRole("ADMIN").setPageSize(9).build()))
        .containsExactly(ann.getId());
    assertThat(
            walk(ListUsersRequest.newBuilder().setEmail("ANN@example.ORG").setPageSize(9).build()))
        .containsExactly(ann.getId());
    assertThat(
            owner
                .users()
                .listUsers(ListUsersRequest.newBuilder().setRole("NOBODY").build())
                .getUsersCount())
        .isZero();
  }

  @Test
  void aPageTokenIsGoodForItsFilterOnly() {
    create(owner, User.newBuilder());
    var page = owner.users().listUsers(ListUsersRequest.newBuilder().setPageSize(1).build());
    var other =
        ListUsersRequest.newBuilder()
            .setRole("MEMBER")
            .setPageToken(page.getNextPageToken())
            .build();
    assertProblem(
        Code.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", () -> owner.users().listUsers(other));
  }

  @Test
  void anUpdateChangesWhatItsMaskNamesOrWhatIsSet() {
    var ann = create(owner, User.newBuilder().setEmail("ann@example.org").setName("Ann"));
    var renamed = update(owner, ann.getId(), User.newBuilder().setName("Anna"));
    assertThat(renamed.getName()).isEqualTo("Anna");
    assertThat(renamed.getEmail()).isEqualTo("ann@example.org");
    assertThat(renamed.getEtag()).isEqualTo("2");
    var cleared = update(owner, ann.getId(), User.newBuilder(), "email", "roles");
    assertThat(cleared.getEmail()).isEmpty();
    assertThat(cleared.getRolesList()).isEmpty();
    assertThat(audited(owner, "UpdateUser", ann.getId())).hasSize(2);
  }

  @Test
  void aUserMayBeSentBackWholeButWhatIsFixedMayNotChange() {
    var ann = create(owner, User.newBuilder().setName("Ann"));
    assertThat(update(owner, ann.getId(), ann.toBuilder())).isEqualTo(ann);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> update(owner, ann.getId(), User.newBuilder().setKind(User.Kind.KIND_SERVICE)))
        .field("user.kind");
    for (var path : new String[] {"etag", "created_at", "nonsense"}) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> update(owner, ann.getId(), User.newBuilder(), path))
          .field("update_mask");
    }
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> update(owner, ann.getId(), User.newBuilder(), "state"))
        .field("user.state");
  }

  @Test
  void aStaleEtagIsRefused() {
    var ann = create(owner, User.newBuilder());
    update(owner, ann.getId(), User.newBuilder().setName("a").setEtag("1"));
    assertProblem(
            Code.ABORTED,
            "STALE_VERSION",
            () -> update(owner, ann.getId(), User.newBuilder().setName("b").setEtag("1")))
        .containsEntry("etag", "2");
  }

  @Test
  void anUpdateWithoutAnIdSaysSo() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                owner
                    .users()
                    .updateUser(
                        UpdateUserRequest.newBuilder()
                            .setUser(User.newBuilder().setName("x"))
                            .build()))
        .field("user.id");
  }

  @Test
  void anotherTenantsUserIsNotFound() {
    var stranger = service.person(UUID.randomUUID(), "TENANT_OWNER");
    var ann = create(owner, User.newBuilder());
    notFound(() -> get(stranger, ann.getId()));
    notFound(() -> update(stranger, ann.getId(), User.newBuilder().setName("x")));
    notFound(() -> delete(stranger, ann.getId()));
    assertThat(get(owner, ann.getId())).isEqualTo(ann);
  }

  @Test
  void aTokenOfATenantThatIsGoneMakesNobody() {
    var ghost = service.stranger(UUID.randomUUID(), "TENANT_OWNER");
    notFound(() -> create(ghost, User.newBuilder()));
  }

  private static void notFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", call);
  }

  private List<String> walk(ListUsersRequest from) {
    var ids = new ArrayList<String>();
    var request = from;
    while (true) {
      var page = owner.users().listUsers(request);
      assertThat(page.getUsersCount()).isBetween(1, from.getPageSize());
      page.getUsersList().forEach(user -> ids.add(user.getId()));
      if (page.getNextPageToken().isEmpty()) {
        return ids;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
  }
}
