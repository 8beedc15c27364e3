package dev.agentserver.gateway.transcode.response;

import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a new resource is to be found: the GET route of the same type below the collection it was
/// posted to, or beside it, as `/v1/messages/{id}` stands beside `/v1/conversations/{id}/messages`.
public final class Locations {
  private final Routes routes;

  public Locations(Routes routes) {
    this.routes = routes;
  }

  /// @param collection the path that was posted to
  Optional<String> find(Route route, String collection, String id) {
    if (!route.template().endsInName()) {
      return Optional.empty();
    }
    var encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    var below = strip(collection) + "/" + encoded;
    if (leadsToOne(route, below)) {
      return Optional.of(below);
    }
    var segments = strip(collection).split("/");
    var version = route.template().isVersioned() ? "/" + segments[1] : "";
    var beside = version + "/" + segments[segments.length - 1] + "/" + encoded;
    return leadsToOne(route, beside) ? Optional.of(beside) : Optional.empty();
  }

  private static String strip(String path) {
    return path.endsWith("/") ? strip(path.substring(0, path.length() - 1)) : path;
  }

  private boolean leadsToOne(Route posted, String path) {
    return routes.find("GET", path) instanceof Lookup.Found<Route>(var route, _)
        && route.method().response().equals(posted.method().response());
  }
}
