package dev.agentserver.settings.envoy;

import java.util.List;
import java.util.regex.Pattern;

/// What each route of the contracts needs. Unknown ones need a credential, so that nobody is told
/// without one what there is; and where two fit, the stricter counts.
record Routes(List<Route> all) {
  /// @param path what it is called by; alike for REST and for gRPC
  record Route(String method, Pattern path, Need need) {}

  Routes {
    all = List.copyOf(all);
  }

  Need of(String method, String path) {
    var needs =
        all.stream()
            .filter(route -> route.method().equals(method) && route.path().matcher(path).matches())
            .map(Route::need)
            .distinct()
            .toList();
    if (needs.contains(Need.CLOSED)) {
      return Need.CLOSED;
    }
    return needs.size() == 1 ? needs.getFirst() : Need.CREDENTIAL;
  }
}
