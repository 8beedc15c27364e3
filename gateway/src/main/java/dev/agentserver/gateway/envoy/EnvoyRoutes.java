package dev.agentserver.gateway.envoy;

import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.contract.Door;
import dev.agentserver.gateway.contract.Doors;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.kit.identity.IdentityHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where Envoy sends what: one route for each method that the gateway serves, by the path that gRPC
/// gives it and to which REST is transcoded, so that an internal method has none; then the doors.
record EnvoyRoutes(GatewayConfig config, Methods methods, Doors doors, Clusters clusters) {
  private static final String CORS = "envoy.extensions.filters.http.cors.v3.CorsPolicy";
  private static final String EXPOSED =
      "grpc-status,grpc-message,grpc-status-details-bin,x-next-page-token,link,etag,location,x-request-id,retry-after";

  /// What [dev.agentserver.gateway.detect.Protocol] takes for gRPC.
  private static final String GRPC_TYPES = "application/grpc(\\+proto)?";

  Map<String, Object> configuration() {
    var routes = new ArrayList<Object>();
    routes.add(live());
    methods.all().forEach(method -> routes.add(route(method)));
    doors
        .all()
        .forEach(
            door ->
                routes.add(
                    route(
                        match(door),
                        clusters.http(config.httpUpstreams().get(door.upstream())),
                        Map.of(
                            "idle_timeout",
                            seconds(config.stall().toSeconds()),
                            "timeout",
                            "0s"))));
    var host = new LinkedHashMap<String, Object>();
    host.put("name", "agentserver");
    host.put("domains", List.of("*"));
    host.put("typed_per_filter_config", Map.of(EnvoyConfig.CORS, cors()));
    host.put("request_headers_to_remove", IdentityHeaders.names());
    host.put("routes", routes);
    var configuration = new LinkedHashMap<String, Object>();
    configuration.put("name", "agentserver");
    configuration.put("virtual_hosts", List.of(host));
    return configuration;
  }

  private static Map<String, Object> match(Door door) {
    if (door.route().isEmpty()) {
      return Map.of("prefix", door.prefix());
    }
    var route = door.route().get();
    var methods = route.method().equals("GET") ? "GET|HEAD" : route.method();
    var method = new LinkedHashMap<String, Object>();
    method.put("name", ":method");
    method.put("string_match", Map.of("safe_regex", Map.of("regex", methods)));
    var match = new LinkedHashMap<String, Object>();
    match.put("safe_regex", Map.of("regex", route.regex()));
    match.put("headers", List.of(method));
    return match;
  }

  private Map<String, Object> cors() {
    var origins = new ArrayList<Object>();
    config.origins().listed().stream()
        .sorted()
        .forEach(origin -> origins.add(new Yaml.Flow(Map.of("exact", origin))));
    var cors = new LinkedHashMap<String, Object>();
    cors.put("allow_origin_string_match", origins);
    cors.put("allow_credentials", true);
    cors.put("allow_methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    cors.put(
        "allow_headers",
        "authorization, content-type, x-api-key, x-grpc-web, x-user-agent, grpc-timeout,"
            + " if-match, idempotency-key, last-event-id");
    cors.put("expose_headers", EXPOSED);
    cors.put("max_age", "7200");
    return Typed.of(CORS, cors);
  }

  private static Object live() {
    var route = new LinkedHashMap<String, Object>();
    route.put("match", new Yaml.Flow(Map.of("path", "/livez")));
    route.put("direct_response", new Yaml.Flow(Map.of("status", 200)));
    route.put(
        "typed_per_filter_config",
        Map.of(
            EnvoyConfig.AUTHORIZATION,
            Typed.of(
                "envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
                Map.of("disabled", true))));
    return route;
  }

  /// A stream has no end of its own; what has one gets the deadline that the gateway would give it.
  private Object route(Method method) {
    var timing = new LinkedHashMap<String, Object>();
    if (method.isUnary() && !method.isLongPoll()) {
      timing.put("timeout", seconds(config.defaultDeadline().toSeconds()));
    } else {
      timing.put("timeout", "0s");
      timing.put("idle_timeout", "0s");
    }
    var cluster = clusters.grpc(config.upstreams().get(method.upstream()));
    return method.isGrpcOnly()
        ? route(grpcOnly("/" + method.fullName()), cluster, timing)
        : route("path", "/" + method.fullName(), cluster, timing);
  }

  /// The route is found before gRPC-Web becomes gRPC, so the type is the one that the client sent.
  private static Map<String, Object> grpcOnly(String path) {
    var type = new LinkedHashMap<String, Object>();
    type.put("name", "content-type");
    type.put("string_match", Map.of("safe_regex", Map.of("regex", GRPC_TYPES)));
    var match = new LinkedHashMap<String, Object>();
    match.put("path", path);
    match.put("headers", List.of(type));
    return match;
  }

  private static Object route(String match, String path, String cluster, Map<String, ?> timing) {
    return route(Map.of(match, path), cluster, timing);
  }

  private static Object route(Map<String, ?> match, String cluster, Map<String, ?> timing) {
    var action = new LinkedHashMap<String, Object>();
    action.put("cluster", cluster);
    action.putAll(new TreeMap<>(timing));
    var route = new LinkedHashMap<String, Object>();
    route.put("match", new Yaml.Flow(match));
    route.put("route", new Yaml.Flow(action));
    return route;
  }

  static String seconds(long seconds) {
    return seconds + "s";
  }
}
