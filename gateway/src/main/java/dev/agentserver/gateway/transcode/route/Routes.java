package dev.agentserver.gateway.transcode.route;

import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.transcode.options.Mode;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import java.util.ArrayList;
import java.util.List;

/// Every REST route, from the google.api.http rules of the methods that the gateway serves.
/// Routes that could never match are refused here, at the start of the process; so are those that
/// are the same, but in mode envoy, where neither is found.
public final class Routes {
  private final RouteTrie<Route> trie;
  private final List<Route> all = new ArrayList<>();

  /// The routes where no option says otherwise.
  public Routes(Methods methods) {
    this(methods, TranscoderOptions.of(Mode.SAFE));
  }

  public Routes(Methods methods, TranscoderOptions options) {
    trie =
        new RouteTrie<>(
            Unescape.named(options.text(Option.URL_UNESCAPE_SPEC)),
            options.is(Option.MATCH_UNREGISTERED_CUSTOM_VERB),
            options.isEnvoy());
    var services = options.names(Option.SERVICES);
    services.ifPresent(names -> names.forEach(name -> requireService(methods, name)));
    for (var method : methods.all()) {
      if (services.map(names -> names.contains(method.service())).orElse(true)) {
        all.addAll(new RouteCompiler(method, options).compile());
      }
    }
    for (var route : all) {
      trie.add(route.httpMethod(), route.template(), route);
    }
  }

  private static void requireService(Methods methods, String name) {
    if (methods.all().stream().noneMatch(method -> method.service().equals(name))) {
      throw new IllegalArgumentException(
          "Could not find '" + name + "' in the proto descriptor: transcoder option services");
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
