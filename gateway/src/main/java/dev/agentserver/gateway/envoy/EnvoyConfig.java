package dev.agentserver.gateway.envoy;

import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Doors;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.transcode.route.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The configuration of a stock Envoy that takes the gateway's place: the same contracts, services,
/// doors and bounds. docs/operations.md says what Envoy does otherwise.
public final class EnvoyConfig {
  static final String CORS = "envoy.filters.http.cors";
  static final String AUTHORIZATION = "envoy.filters.http.ext_authz";
  private static final String GRPC_WEB = "envoy.filters.http.grpc_web";
  private static final String TRANSCODER = "envoy.filters.http.grpc_json_transcoder";
  private static final String ROUTER = "envoy.filters.http.router";
  private static final String FILTERS = "envoy.extensions.filters.http.";

  /// Where the descriptor set is mounted.
  private static final String DESCRIPTOR = "/etc/envoy/descriptor.pb";

  private static final int KIBIBYTE = 1024;
  private static final String HEADING =
      """
      # Envoy in the gateway's place. Made from the contracts, and checked against them: do not edit.
      # docs/operations.md says how it is made for other addresses, and what Envoy does otherwise.
      # The descriptor set lies at %s: it is what a gateway answers at /descriptor.pb.
      """;

  private final GatewayConfig config;
  private final Methods methods;
  private final Doors doors;
  private final Routes routes;
  private final Clusters clusters = new Clusters();

  private EnvoyConfig(GatewayConfig config) {
    this.config = config;
    var contracts = Contracts.load(config.descriptorSet());
    this.methods = new Methods(contracts, config.upstreams().keySet());
    this.doors = new Doors(contracts, config.httpUpstreams().keySet());
    this.routes = new Routes(methods, config.transcoder());
  }

  /// The file for an Envoy in the place of a gateway with this configuration.
  public static String of(GatewayConfig config) {
    return HEADING.formatted(DESCRIPTOR) + Yaml.print(new EnvoyConfig(config).bootstrap());
  }

  private Map<String, Object> bootstrap() {
    var listener = listener();
    var resources = new LinkedHashMap<String, Object>();
    resources.put("listeners", List.of(listener));
    resources.put("clusters", clusters.all());
    return Map.of("static_resources", resources);
  }

  private Map<String, Object> listener() {
    var manager =
        Typed.extension(
            "envoy.filters.network.http_connection_manager",
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            connections());
    var address = Clusters.address(config.host(), config.port());
    var listener = new LinkedHashMap<String, Object>();
    listener.put("name", "agentserver");
    listener.put("address", new Yaml.Flow(Map.of("socket_address", address)));
    listener.put("per_connection_buffer_limit_bytes", config.maxBodyBytes());
    listener.put("filter_chains", List.of(Map.of("filters", List.of(manager))));
    return listener;
  }

  private Map<String, Object> connections() {
    var manager = new LinkedHashMap<String, Object>();
    manager.put("stat_prefix", "agentserver");
    manager.put("use_remote_address", true);
    manager.put("server_header_transformation", "PASS_THROUGH");
    manager.put("max_request_headers_kb", config.maxHeaderBytes() / KIBIBYTE);
    manager.put("request_headers_timeout", seconds(config.bodyTimeout().toSeconds()));
    manager.put("stream_idle_timeout", seconds(config.idleTimeout().toSeconds()));
    manager.put(
        "common_http_protocol_options",
        new Yaml.Flow(Map.of("idle_timeout", seconds(config.idleTimeout().toSeconds()))));
    manager.put("http2_protocol_options", new Yaml.Flow(Map.of("max_concurrent_streams", 1000)));
    manager.put("drain_timeout", seconds(config.drainTimeout().toSeconds()));
    // A service may read an escaped slash otherwise than Envoy does.
    manager.put("normalize_path", true);
    manager.put("route_config", new EnvoyRoutes(config, methods, doors, clusters).configuration());
    manager.put("http_filters", filters());
    return manager;
  }

  /// In this order a refusal is written as its client understands it, and rights are asked for by
  /// the path that the client sent.
  private List<Object> filters() {
    return List.of(
        Typed.extension(CORS, FILTERS + "cors.v3.Cors", Map.of()),
        Typed.extension(GRPC_WEB, FILTERS + "grpc_web.v3.GrpcWeb", Map.of()),
        Typed.extension(AUTHORIZATION, FILTERS + "ext_authz.v3.ExtAuthz", authorization()),
        Typed.extension(
            TRANSCODER, FILTERS + "grpc_json_transcoder.v3.GrpcJsonTranscoder", transcoder()),
        Typed.extension(ROUTER, FILTERS + "router.v3.Router", Map.of()));
  }

  private Map<String, Object> authorization() {
    var service = new LinkedHashMap<String, Object>();
    service.put(
        "envoy_grpc", new Yaml.Flow(Map.of("cluster_name", clusters.grpc(config.accessTarget()))));
    service.put("timeout", seconds(config.accessTimeout().toSeconds()));
    var authorization = new LinkedHashMap<String, Object>();
    authorization.put("transport_api_version", "V3");
    authorization.put("grpc_service", service);
    authorization.put("failure_mode_allow", false);
    authorization.put("status_on_error", new Yaml.Flow(Map.of("code", "ServiceUnavailable")));
    return authorization;
  }

  private Map<String, Object> transcoder() {
    var services =
        routes.all().stream()
            .map(route -> route.method().descriptor().getService().getFullName())
            .distinct()
            .sorted()
            .toList();
    var transcoder = new LinkedHashMap<String, Object>();
    transcoder.put("proto_descriptor", DESCRIPTOR);
    transcoder.put("services", services);
    if (!config.transcoder().isEnvoy()) {
      transcoder.putAll(safe());
    }
    config.transcoder().message().forEach((name, value) -> put(transcoder, name, value));
    return transcoder;
  }

  /// As near as Envoy comes to mode safe.
  private Map<String, Object> safe() {
    var print = new LinkedHashMap<String, Object>();
    print.put("preserve_proto_field_names", true);
    print.put("always_print_primitive_fields", true);
    var validation = new LinkedHashMap<String, Object>();
    // Not for unknown methods: the doors have none.
    validation.put("reject_unknown_query_parameters", true);
    validation.put("reject_binding_body_field_collisions", true);
    var safe = new LinkedHashMap<String, Object>();
    safe.put("convert_grpc_status", true);
    safe.put("url_unescape_spec", "ALL_CHARACTERS_EXCEPT_SLASH");
    safe.put("match_unregistered_custom_verb", true);
    safe.put("max_request_body_size", config.maxBodyBytes());
    safe.put("print_options", print);
    safe.put("request_validation_options", validation);
    return safe;
  }

  /// What the configuration says wins over what stands there; of a message field by field.
  @SuppressWarnings("unchecked") // messages have names
  private static void put(Map<String, Object> message, String name, Object value) {
    if (value instanceof Map<?, ?> fields && message.get(name) instanceof Map<?, ?> there) {
      ((Map<String, Object>) there).putAll((Map<String, Object>) fields);
    } else {
      message.put(name, value);
    }
  }

  private static String seconds(long seconds) {
    return EnvoyRoutes.seconds(seconds);
  }
}
