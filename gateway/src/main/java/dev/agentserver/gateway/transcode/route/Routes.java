package dev.agentserver.gateway.transcode.route;

import dev.agentserver.gateway.contract.Methods;
import java.util.ArrayList;
import java.util.List;

/// Every REST route, from the google.api.http rules of the methods that the gateway serves.
/// Routes that are the same, or that could never match, are refused here, at the start of the
/// process.
public final class Routes {
  private final RouteTrie<Route> trie = new RouteTrie<>(Unescape.UNRESERVED);
  private final List<Route> all = new ArrayList<>();

  public Routes(Methods methods) {
    for (var method : methods.all()) {
      all.addAll(new RouteCompiler(method).compile());
    }
    for (var route : all) {
      trie.add(route.httpMethod(), route.template(), route);
    }
  }

  /// @param path as it was sent, without query
  public RouteTrie.Lookup<Route> find(String httpMethod, String path) {
    return trie.find(httpMethod, path);
  }

  public List<Route> all() {
    return List.copyOf(all);
  }
}
