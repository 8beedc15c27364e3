package dev.agentserver.settings.user;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.cleanOrNull;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.orEmpty;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.settings.user.User.Attributes;
import dev.agentserver.settings.user.User.External;
import dev.agentserver.settings.user.User.Kind;
import dev.agentserver.settings.user.User.State;
import java.util.List;
import java.util.UUID;

/// Translates users to the contract's and back.
public final class UserProto {
  private UserProto() {}

  /// Without roles: a member.
  static NewUser draft(dev.agentserver.settings.v1.User proto) {
    var roles = roles(proto);
    return new NewUser(
        uuidOrNull(proto.getId()),
        kind(proto.getKind()),
        new Attributes(
            cleanOrNull(proto.getEmail()),
            clean(proto.getName()),
            roles.isEmpty() ? List.of(BuiltInRoles.MEMBER) : roles,
            state(proto.getState())));
  }

  public static dev.agentserver.settings.v1.User toProto(User user) {
    var attributes = user.attributes();
    var proto =
        dev.agentserver.settings.v1.User.newBuilder()
            .setId(user.id().toString())
            .setKind(
                switch (user.kind()) {
                  case HUMAN -> dev.agentserver.settings.v1.User.Kind.KIND_HUMAN;
                  case SERVICE -> dev.agentserver.settings.v1.User.Kind.KIND_SERVICE;
                })
            .setEmail(orEmpty(attributes.email()))
            .setName(attributes.name())
            .addAllRoles(attributes.roles())
            .setState(
                switch (attributes.state()) {
                  case ACTIVE -> dev.agentserver.settings.v1.User.State.STATE_ACTIVE;
                  case SUSPENDED -> dev.agentserver.settings.v1.User.State.STATE_SUSPENDED;
                })
            .setCreatedAt(timestamp(user.createdAt()))
            .setUpdatedAt(timestamp(user.updatedAt()))
            .setEtag(user.etag());
    if (user.external() != null) {
      proto
          .setExternalIssuer(user.external().issuer())
          .setExternalSubject(user.external().subject());
    }
    if (user.lastLoginAt() != null) {
      proto.setLastLoginAt(timestamp(user.lastLoginAt()));
    }
    return proto.build();
  }

  /// The inverse, for replaying a stored reply.
  public static User fromProto(dev.agentserver.settings.v1.User proto) {
    return new User(
        UUID.fromString(proto.getId()),
        kind(proto.getKind()),
        new Attributes(
            cleanOrNull(proto.getEmail()), proto.getName(), roles(proto), state(proto.getState())),
        proto.getExternalSubject().isEmpty()
            ? null
            : new External(proto.getExternalIssuer(), proto.getExternalSubject()),
        proto.hasLastLoginAt() ? instant(proto.getLastLoginAt()) : null,
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }

  static List<String> roles(dev.agentserver.settings.v1.User proto) {
    return clean(proto.getRolesList()).stream().sorted().toList();
  }

  static Kind kind(dev.agentserver.settings.v1.User.Kind kind) {
    return kind == dev.agentserver.settings.v1.User.Kind.KIND_SERVICE ? Kind.SERVICE : Kind.HUMAN;
  }

  static State state(dev.agentserver.settings.v1.User.State state) {
    return state == dev.agentserver.settings.v1.User.State.STATE_SUSPENDED
        ? State.SUSPENDED
        : State.ACTIVE;
  }
}
