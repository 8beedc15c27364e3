package dev.agentserver.settings.token;

import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.user.UserProto;
import dev.agentserver.settings.v1.Me;

/// A [Profile] as the contract has it.
final class ProfileProto {
  private ProfileProto() {}

  static Me me(Caller caller, Profile profile) {
    var me =
        Me.newBuilder()
            .setUser(UserProto.toProto(profile.user()))
            .setOrganizationName(profile.organization())
            .setOrganizationId(caller.tenantId().toString())
            .addAllPermissions(caller.permissions().stream().sorted().toList());
    if (caller.expiresAt() != null) {
      me.setExpiresAt(timestamp(caller.expiresAt()));
    }
    return me.build();
  }
}
