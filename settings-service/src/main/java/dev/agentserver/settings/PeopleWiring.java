package dev.agentserver.settings;

import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.settings.erasure.ErasureRpc;
import dev.agentserver.settings.erasure.Erasures;
import dev.agentserver.settings.key.ApiKeys;
import dev.agentserver.settings.organization.Closing;
import dev.agentserver.settings.organization.OrganizationRpc;
import dev.agentserver.settings.organization.Organizations;
import dev.agentserver.settings.revocation.Revocations;
import dev.agentserver.settings.role.RoleRpc;
import dev.agentserver.settings.role.Roles;
import dev.agentserver.settings.user.UserChanges;
import dev.agentserver.settings.user.UserRpc;
import dev.agentserver.settings.user.Users;
import io.grpc.BindableService;
import java.util.List;

/// The objects behind tenants, users and roles.
final class PeopleWiring {
  private PeopleWiring() {}

  static List<BindableService> services(KitRuntime kit, ApiKeys keys, Revocations revocations) {
    var database = kit.database();
    var writes = kit.writes();
    var audit = kit.audit();
    var erasures = new Erasures(database, kit.outbox(), kit.ids());
    var users = new Users(database, writes, audit, kit.ids());
    var changes = new UserChanges(writes, audit, erasures, revocations);
    var organizations = new Organizations(database, writes, audit, kit.ids(), users, keys);
    var closing = new Closing(writes, audit, erasures, revocations);
    return List.of(
        new UserRpc(users, changes, erasures),
        new RoleRpc(new Roles(database, writes, audit)),
        new OrganizationRpc(organizations, closing),
        new ErasureRpc(erasures));
  }
}
