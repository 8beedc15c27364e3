package dev.agentserver.e2e.access;

import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/// One user for each principal.
final class Cast {
  private final Map<Principal, User> users = new EnumMap<>(Principal.class);

  Cast(Server server) {
    var owner = "owner-" + UUID.randomUUID();
    for (var principal : Principal.values()) {
      users.put(principal, user(server, principal, owner));
    }
  }

  private static User user(Server server, Principal principal, String owner) {
    return switch (principal) {
      case ANONYMOUS -> User.anonymous(server);
      case GARBAGE_TOKEN -> User.bearing(server, "garbage");
      case FORGED_TOKEN -> User.bearing(server, forged(User.member(server).token()));
      case OTHER_TENANT_MEMBER,
          OTHER_TENANT_OWNER,
          STRANGER,
          STRANGER_WHO_ONLY_READS,
          WORKER,
          TENANT_ADMIN,
          TENANT_OWNER,
          OWNER_WHO_ONLY_READS,
          OWNER -> {
        var subject = principal.isOwner() ? owner : "somebody-" + UUID.randomUUID();
        yield User.of(server, principal.tenant(), subject, principal.role());
      }
    };
  }

  /// A real token with another signature: that of the same length with two halves exchanged.
  private static String forged(String token) {
    var start = token.lastIndexOf('.') + 1;
    var middle = start + (token.length() - start) / 2;
    return token.substring(0, start) + token.substring(middle) + token.substring(start, middle);
  }

  User get(Principal principal) {
    return users.get(principal);
  }
}
