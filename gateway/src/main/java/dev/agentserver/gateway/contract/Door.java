package dev.agentserver.gateway.contract;

import dev.agentserver.common.v1.HttpDoor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a service serves by HTTP beside its methods, see `HttpDoor` in the contracts.
///
/// @param prefix what the paths of its requests begin with, from slash to slash; of a route: its
/// template
/// @param route which requests it takes, where those are not all with the prefix
/// @param isPublic whether requests without a credential are forwarded too
/// @param upstream the key of the upstream that serves it
public record Door(String prefix, Optional<DoorRoute> route, boolean isPublic, String upstream) {
  /// One for a whole prefix.
  public Door(String prefix, boolean isPublic, String upstream) {
    this(prefix, Optional.empty(), isPublic, upstream);
  }

  /// The doors that a declaration makes: one for its prefix, or one for each of its routes.
  static List<Door> of(HttpDoor declared, String service, String upstream) {
    var prefix = declared.getPathPrefix();
    var routes =
        declared.getRoutesList().stream()
            .map(DoorRoute::parse)
            .map(
                route ->
                    new Door(route.template(), Optional.of(route), declared.getPublic(), upstream));
    if (prefix.isEmpty() && declared.getRoutesCount() > 0) {
      return routes.toList();
    }
    if (prefix.length() < 3 || !prefix.startsWith("/") || !prefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "the HTTP door \"%s\" of %s is not of the form /some/prefix/".formatted(prefix, service));
    }
    return Stream.concat(Stream.of(new Door(prefix, declared.getPublic(), upstream)), routes)
        .toList();
  }

  boolean takes(String method, String path) {
    return route.map(some -> some.takes(method, path)).orElseGet(() -> path.startsWith(prefix));
  }

  /// Whether the two would be asked for the same.
  boolean meets(Door other) {
    if (route.isPresent() && other.route.isPresent()) {
      return route.get().meets(other.route.get());
    }
    // A route may end where a prefix only begins: /v1/tus and /v1/tus/.
    return (other.route.isEmpty() && prefix.startsWith(other.prefix))
        || (route.isEmpty() && other.prefix.startsWith(prefix));
  }
}
