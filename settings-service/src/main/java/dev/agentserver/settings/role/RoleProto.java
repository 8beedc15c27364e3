package dev.agentserver.settings.role;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;

/// Translates roles to the contract's and back.
final class RoleProto {
  private RoleProto() {}

  static RoleDraft draft(dev.agentserver.settings.v1.Role proto) {
    return new RoleDraft(
        proto.getName(),
        clean(proto.getDescription()),
        proto.getPermissionsList().stream().sorted().toList());
  }

  static dev.agentserver.settings.v1.Role toProto(Role role) {
    var proto =
        dev.agentserver.settings.v1.Role.newBuilder()
            .setName(role.name())
            .setDescription(role.description())
            .addAllPermissions(role.permissions())
            .setBuiltIn(role.builtIn())
            .setEtag(role.etag());
    if (role.createdAt() != null) {
      proto.setCreatedAt(timestamp(role.createdAt()));
    }
    if (role.updatedAt() != null) {
      proto.setUpdatedAt(timestamp(role.updatedAt()));
    }
    return proto.build();
  }

  /// The inverse, for replaying a stored reply: a role of a tenant's own.
  static Role fromProto(dev.agentserver.settings.v1.Role proto) {
    return new Role(
        proto.getName(),
        proto.getDescription(),
        proto.getPermissionsList(),
        false,
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }
}
