package dev.agentserver.settings.token;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.v1.Me;
import dev.agentserver.settings.v1.User;
import java.time.Instant;
import java.util.Objects;

/// A [Profile] as the contract has it.
final class ProfileProto {
  private ProfileProto() {}

  static Me me(Caller caller, Profile profile) {
    var me =
        Me.newBuilder()
            .setUser(user(profile))
            .setOrganizationName(profile.organization())
            .setOrganizationId(caller.tenantId().toString())
            .addAllPermissions(caller.permissions().stream().sorted().toList());
    if (caller.expiresAt() != null) {
      me.setExpiresAt(timestamp(caller.expiresAt()));
    }
    return me.build();
  }

  private static User user(Profile profile) {
    var user =
        User.newBuilder()
            .setId(profile.userId().toString())
            .setKind(User.Kind.valueOf("KIND_" + profile.kind()))
            .setEmail(Objects.requireNonNullElse(profile.email(), ""))
            .setName(profile.name())
            .addAllRoles(profile.roles())
            .setState(User.State.valueOf("STATE_" + profile.state()))
            .setExternalIssuer(Objects.requireNonNullElse(profile.externalIssuer(), ""))
            .setExternalSubject(Objects.requireNonNullElse(profile.externalSubject(), ""))
            .setCreatedAt(timestamp(profile.createdAt()))
            .setUpdatedAt(timestamp(profile.updatedAt()))
            .setEtag(Long.toString(profile.version()));
    if (profile.lastLoginAt() != null) {
      user.setLastLoginAt(timestamp(profile.lastLoginAt()));
    }
    return user.build();
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
