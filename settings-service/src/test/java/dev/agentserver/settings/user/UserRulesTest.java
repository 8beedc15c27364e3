package dev.agentserver.settings.user;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.v1.GetErasureRequest;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class UserRulesTest extends UserTest {
  @Test
  void nobodyGivesMoreThanTheyHave() {
    var admin = service.person(home, "ADMIN");
    var ann = create(admin, User.newBuilder().addRoles("ADMIN"));
    denied("agent:delete_any", () -> create(admin, User.newBuilder().addRoles("TENANT_OWNER")));
    denied("agent:delete_any", () -> roles(admin, ann.getId(), "TENANT_OWNER"));
    denied("agent:delete_any", () -> roles(admin, admin.id(), "TENANT_OWNER"));
    assertThat(roles(owner, ann.getId(), "TENANT_OWNER").getRolesList())
        .containsExactly("TENANT_OWNER");
  }

  @Test
  void nobodyTakesMoreThanTheyHave() {
    var admin = service.person(home, "ADMIN");
    service.person(home, "TENANT_OWNER");
    denied("agent:delete_any", () -> roles(admin, owner.id(), "MEMBER"));
    denied("agent:delete_any", () -> suspend(admin, owner.id()));
    denied(
        "agent:delete_any",
        () -> update(admin, owner.id(), User.newBuilder().setEmail("mine@example.org")));
    denied("agent:delete_any", () -> delete(admin, owner.id()));
  }

  @Test
  void aKeyWithFewScopesCountsForWhatItMay() {
    var narrow =
        service.as(
            new Caller(
                home,
                owner.caller().principalId(),
                Caller.Kind.USER,
                Set.of("TENANT_OWNER"),
                Set.of("access:write", "run:work"),
                "test"));
    denied("agent:delete", () -> create(narrow, User.newBuilder()));
    create(narrow, User.newBuilder().addRoles("WORKER"));
  }

  @Test
  void rolesThatAreNoneForUsersAreRefused() {
    for (var role : new String[] {"NO_SUCH_ROLE", "SERVICE", "PLATFORM_ADMIN"}) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> create(owner, User.newBuilder().addRoles(role)))
          .field("user.roles");
    }
  }

  @Test
  void thePlatformsOwnPeopleMakeMoreOfThem() {
    var platform = UUID.randomUUID();
    var root = service.person(platform, "PLATFORM_ADMIN", "TENANT_OWNER");
    var second = create(root, User.newBuilder().addRoles("PLATFORM_ADMIN"));
    assertThat(second.getRolesList()).containsExactly("PLATFORM_ADMIN");
    var plain = service.person(platform, "TENANT_OWNER");
    denied("platform:read", () -> create(plain, User.newBuilder().addRoles("PLATFORM_ADMIN")));
    roles(root, second.getId(), "MEMBER");
    refusedAsLast(() -> roles(root, root.id(), "TENANT_OWNER"), root.id());
  }

  @Test
  void whatIsLostIsRevokedAndWhatIsGainedIsNot() {
    var ann = create(owner, User.newBuilder());
    update(owner, ann.getId(), User.newBuilder().setName("Ann"));
    roles(owner, ann.getId(), "ADMIN");
    assertThat(revoked(ann.getId())).isEmpty();
    roles(owner, ann.getId(), "VIEWER");
    assertThat(revoked(ann.getId())).containsExactly("PRINCIPAL");
    suspend(owner, ann.getId());
    assertThat(revoked(ann.getId())).hasSize(2);
    update(owner, ann.getId(), User.newBuilder().setState(User.State.STATE_ACTIVE));
    assertThat(revoked(ann.getId())).hasSize(2);
  }

  @Test
  void aTenantKeepsAnOwnerWhoIsActive() {
    refusedAsLast(() -> roles(owner, owner.id(), "ADMIN"), owner.id());
    refusedAsLast(() -> suspend(owner, owner.id()), owner.id());
    refusedAsLast(() -> delete(owner, owner.id()), owner.id());
    var second = service.person(home, "TENANT_OWNER");
    suspend(owner, second.id());
    refusedAsLast(() -> roles(owner, owner.id(), "ADMIN"), owner.id());
    update(owner, second.id(), User.newBuilder().setState(User.State.STATE_ACTIVE));
    assertThat(roles(owner, owner.id(), "ADMIN").getRolesList()).containsExactly("ADMIN");
  }

  @Test
  void whatWasRefusedLeavesNothing() {
    refusedAsLast(() -> delete(owner, owner.id()), owner.id());
    assertThat(get(owner, owner.id()).getEtag()).isEqualTo("1");
    assertThat(revoked(owner.id())).isEmpty();
    assertThat(audited(owner, "DeleteUser", owner.id())).isEmpty();
  }

  @Test
  void aDeletedUserIsGoneHereAtOnceAndTheOthersAreTold() {
    var ann = service.person(home, "MEMBER");
    ann.chat()
        .updateChatSettings(
            dev.agentserver.settings.v1.UpdateChatSettingsRequest.newBuilder()
                .setChatSettings(
                    dev.agentserver.settings.v1.ChatSettings.newBuilder().addEnabledTools("t"))
                .build());
    var erasure = delete(owner, ann.id());
    assertThat(erasure.getUserId()).isEqualTo(ann.id());
    assertThat(erasure.getComplete()).isFalse();
    assertThat(erasure.getReportsList())
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.getService()).isEqualTo("settings-service");
              assertThat(report.getRowsRemoved()).isEqualTo(4);
              assertThat(report.getRowsRemaining()).isZero();
            });
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(owner, ann.id()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> delete(owner, ann.id()));
    assertThat(revoked(ann.id())).containsExactly("PRINCIPAL");
    assertThat(audited(owner, "DeleteUser", ann.id())).containsExactly("DONE: erasure_id");
    assertThat(service.column("select type from outbox_fact where subject_id = '" + ann.id() + "'"))
        .containsExactly("user.erased");
    var asked = GetErasureRequest.newBuilder().setErasureId(erasure.getId()).build();
    assertThat(owner.users().getErasure(asked)).isEqualTo(erasure);
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> elsewhere.users().getErasure(asked));
    denied("access:read", () -> service.person(home, "MEMBER").users().getErasure(asked));
  }

  private static void suspend(Person by, String id) {
    update(by, id, User.newBuilder().setState(User.State.STATE_SUSPENDED), "state");
  }

  private static void refusedAsLast(ThrowingCallable call, String id) {
    assertProblem(Code.FAILED_PRECONDITION, "LAST_OWNER", call).containsEntry("id", id);
  }

  private static void denied(String permission, ThrowingCallable call) {
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", call)
        .containsEntry("permission", permission);
  }
}
