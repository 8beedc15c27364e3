package dev.agentserver.settings.organization;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Fewest;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateOrganizationRequest;
import dev.agentserver.settings.v1.DeleteOrganizationRequest;
import dev.agentserver.settings.v1.GetErasureRequest;
import dev.agentserver.settings.v1.GetOrganizationRequest;
import dev.agentserver.settings.v1.ListOrganizationsRequest;
import dev.agentserver.settings.v1.Organization;
import dev.agentserver.settings.v1.UpdateOrganizationRequest;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrganizationRpcTest extends ServiceTest {
  private Person root;
  private Person owner;

  @BeforeEach
  void people() {
    root = service.person(tenant, "PLATFORM_ADMIN");
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
  }

  @Test
  void aNewTenantHasAnOwnerWhoseKeyIsShownOnce() {
    var request =
        CreateOrganizationRequest.newBuilder()
            .setOrganization(Organization.newBuilder().setName("Acme"))
            .setOwnerEmail("ann@acme.example")
            .setOwnerName("Ann")
            .setRequestId("r-" + UUID.randomUUID())
            .build();
    var made = root.organizations().createOrganization(request);
    assertThat(made.getOrganization().getName()).isEqualTo("Acme");
    assertThat(made.getOrganization().getPlatform()).isFalse();
    assertThat(made.getOwner().getRolesList()).containsExactly("TENANT_OWNER");
    assertThat(made.getOwner().getEmail()).isEqualTo("ann@acme.example");
    assertThat(made.getOwner().getState()).isEqualTo(User.State.STATE_ACTIVE);
    assertThat(made.getOwnerKey()).startsWith("ag_");
    assertThat(root.organizations().createOrganization(request))
        .isEqualTo(made.toBuilder().clearOwnerKey().build());
    assertThat(audited(root, "CreateOrganization", made.getOrganization().getId()))
        .containsExactly("DONE: name,owner_id");
    assertThat(
            service.column(
                "select key_id from api_key where user_id = '" + made.getOwner().getId() + "'"))
        .singleElement()
        .satisfies(id -> assertThat(made.getOwnerKey()).contains(id));
  }

  @Test
  void anIdOfTheClientsIsTakenOnce() {
    var request =
        CreateOrganizationRequest.newBuilder()
            .setOrganization(
                Organization.newBuilder().setId(UUID.randomUUID().toString()).setName("Acme"))
            .build();
    assertThat(root.organizations().createOrganization(request).getOrganization().getId())
        .isEqualTo(request.getOrganization().getId());
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> root.organizations().createOrganization(request));
  }

  @Test
  void aBadAddressMakesNoTenant() {
    var id = UUID.randomUUID().toString();
    var request =
        CreateOrganizationRequest.newBuilder()
            .setOrganization(Organization.newBuilder().setId(id).setName("Acme"))
            .setOwnerEmail("nobody")
            .build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> root.organizations().createOrganization(request))
        .field("owner_email");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(root, id));
  }

  @Test
  void everybodySeesTheirOwnAndThePlatformSeesAll() {
    var own = get(service.person(owner.caller().tenantId(), "VIEWER"), "me");
    assertThat(own.getId()).isEqualTo(owner.caller().tenantId().toString());
    assertThat(get(owner, own.getId())).isEqualTo(own);
    assertThat(get(root, own.getId())).isEqualTo(own);
    assertThat(get(root, "me").getPlatform()).isTrue();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(owner, tenant.toString()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(root, UUID.randomUUID().toString()));
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> get(root, "you"))
        .field("organization_id");
    var ghost = service.stranger(UUID.randomUUID(), "MEMBER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(ghost, "me"));
  }

  @Test
  void theListComesOldestFirstInPages() {
    var ids = new ArrayList<String>();
    var request = ListOrganizationsRequest.newBuilder().setPageSize(2).build();
    while (true) {
      var page = root.organizations().listOrganizations(request);
      page.getOrganizationsList().forEach(one -> ids.add(one.getId()));
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
    assertThat(ids)
        .isEqualTo(
            service.column("select tenant_id from organization order by created_at, tenant_id"));
    var all = ListOrganizationsRequest.getDefaultInstance();
    assertThat(
            Fewest.of(() -> service.statements(() -> root.organizations().listOrganizations(all))))
        .isLessThanOrEqualTo(2);
  }

  @Test
  void aTenantIsRenamedByItsOwnPeopleAndByThePlatform() {
    var id = owner.caller().tenantId().toString();
    assertThat(rename(owner, id, "Acme", "1").getEtag()).isEqualTo("2");
    assertThat(rename(root, id, "Acme & Co", "").getName()).isEqualTo("Acme & Co");
    assertThat(audited(owner, "UpdateOrganization", id)).containsExactly("DONE: name");
    assertThat(audited(root, "UpdateOrganization", id)).containsExactly("DONE: name");
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> rename(owner, id, "x", "1"));
    var member = service.person(owner.caller().tenantId(), "MEMBER");
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> rename(member, id, "x", ""))
        .containsEntry("permission", "access:write");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> rename(owner, tenant.toString(), "mine", ""));
    var masked =
        UpdateOrganizationRequest.newBuilder()
            .setOrganization(Organization.newBuilder().setId(id).setName("x"))
            .setUpdateMask(mask("platform"))
            .build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> owner.organizations().updateOrganization(masked))
        .field("update_mask");
  }

  @Test
  void anErasedTenantIsGoneHereAtOnceAndTheOthersAreTold() {
    var id = owner.caller().tenantId().toString();
    var erasure = root.organizations().deleteOrganization(deletion(id));
    assertThat(erasure.getUserId()).isEmpty();
    assertThat(erasure.getReports(0).getRowsRemoved()).isEqualTo(3);
    assertThat(erasure.getReports(0).getRowsRemaining()).isZero();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(root, id));
    assertThat(revoked(id)).containsExactly("TENANT");
    assertThat(service.column("select type from outbox_fact where subject_id = '" + id + "'"))
        .containsExactly("tenant.erased");
    assertThat(audited(root, "DeleteOrganization", id)).containsExactly("DONE: erasure_id");
    assertThat(
            root.users()
                .getErasure(GetErasureRequest.newBuilder().setErasureId(erasure.getId()).build()))
        .isEqualTo(erasure);
  }

  @Test
  void thePlatformsOwnTenantStays() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> root.organizations().deleteOrganization(deletion(tenant.toString())))
        .field("organization_id");
  }

  private static DeleteOrganizationRequest deletion(String id) {
    return DeleteOrganizationRequest.newBuilder().setOrganizationId(id).build();
  }

  private static Organization get(Person by, String id) {
    return by.organizations()
        .getOrganization(GetOrganizationRequest.newBuilder().setOrganizationId(id).build());
  }

  private static Organization rename(Person by, String id, String name, String etag) {
    return by.organizations()
        .updateOrganization(
            UpdateOrganizationRequest.newBuilder()
                .setOrganization(Organization.newBuilder().setId(id).setName(name).setEtag(etag))
                .build());
  }
}
