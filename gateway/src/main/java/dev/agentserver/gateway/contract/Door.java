package dev.agentserver.gateway.contract;

import dev.agentserver.common.v1.HttpDoor;

/// What a service serves by HTTP beside its methods, see `HttpDoor` in the contracts.
///
/// @param prefix what the paths of its requests begin with, from slash to slash
/// @param isPublic whether requests without a credential are forwarded too
/// @param upstream the key of the upstream that serves it
public record Door(String prefix, boolean isPublic, String upstream) {
  static Door of(HttpDoor declared, String service, String upstream) {
    var prefix = declared.getPathPrefix();
    if (prefix.length() < 3 || !prefix.startsWith("/") || !prefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "the HTTP door \"%s\" of %s is not of the form /some/prefix/".formatted(prefix, service));
    }
    return new Door(prefix, declared.getPublic(), upstream);
  }

  /// Whether the two would be asked for the same paths.
  boolean meets(Door other) {
    return prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix);
  }
}
