package dev.agentserver.kit.identity;

import java.util.List;
import java.util.Set;

/// Headers by which proxies tell who calls. Nobody believes them here, because a client can write
/// what it likes: who calls is in the token and nowhere else. So they are stopped at the door.
public final class IdentityHeaders {
  private static final Set<String> NAMES =
      Set.of(
          "x-caller",
          "x-forwarded-email",
          "x-forwarded-groups",
          "x-forwarded-user",
          "x-permissions",
          "x-principal-id",
          "x-remote-user",
          "x-role",
          "x-roles",
          "x-tenant",
          "x-tenant-id",
          "x-user",
          "x-user-email",
          "x-user-id");
  private static final Set<String> PREFIXES = Set.of("x-agentserver-", "x-auth-");

  private IdentityHeaders() {}

  /// Those that are known by their whole names, in the order of the alphabet.
  public static List<String> names() {
    return NAMES.stream().sorted().toList();
  }

  /// @param name in lower case
  public static boolean has(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }
}
