package dev.agentserver.allinone.identity;

import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.settings.v1.BuiltInRole;
import java.util.Optional;
import java.util.Set;

/// The roles every tenant has, and what each may do, as the contract states it.
final class BuiltInRoles {
  static final String TENANT_OWNER = "TENANT_OWNER";
  static final String MEMBER = "MEMBER";
  static final String SERVICE = "SERVICE";

  private static final String PREFIX = "BUILT_IN_ROLE_";

  private BuiltInRoles() {}

  /// The permissions of the role; empty when there is no such role, or none that a user can have.
  static Optional<Set<String>> ofUser(String role) {
    return role.equals(SERVICE) ? Optional.empty() : find(role);
  }

  private static Optional<Set<String>> find(String role) {
    var value = BuiltInRole.getDescriptor().findValueByName(PREFIX + role);
    if (value == null || !value.getOptions().hasExtension(AnnotationsProto.grant)) {
      return Optional.empty();
    }
    var grant = value.getOptions().getExtension(AnnotationsProto.grant);
    return Optional.of(Set.copyOf(grant.getPermissionsList()));
  }
}
