package dev.agentserver.gateway.envoy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The services, each with its replicas and how it is asked whether it is well.
final class Clusters {
  private static final String HTTP_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private final Map<String, Map<String, Object>> all = new LinkedHashMap<>();

  /// The name of the cluster that speaks gRPC at a target.
  String grpc(String target) {
    var parsed = Target.parse(target);
    all.computeIfAbsent(parsed.name(), name -> cluster(name, parsed, grpcHealth()));
    return parsed.name();
  }

  /// The name of the cluster that speaks HTTP at a target.
  String http(String target) {
    var parsed = Target.parse(target);
    all.computeIfAbsent(parsed.name(), name -> cluster(name, parsed, Map.of()));
    return parsed.name();
  }

  List<Map<String, Object>> all() {
    return List.copyOf(all.values());
  }

  private static Map<String, Object> grpcHealth() {
    var health = new LinkedHashMap<String, Object>();
    health.put("timeout", "2s");
    health.put("interval", "5s");
    health.put("unhealthy_threshold", 2);
    health.put("healthy_threshold", 1);
    health.put("grpc_health_check", Map.of());
    return health;
  }

  private static Map<String, Object> cluster(
      String name, Target target, Map<String, Object> health) {
    var cluster = new LinkedHashMap<String, Object>();
    cluster.put("name", name);
    cluster.put("type", "STRICT_DNS");
    cluster.put("connect_timeout", "2s");
    cluster.put("lb_policy", "ROUND_ROBIN");
    if (!health.isEmpty()) {
      cluster.put("health_checks", List.of(health));
    }
    var http2 = Map.of("http2_protocol_options", Map.of());
    cluster.put(
        "typed_extension_protocol_options",
        Map.of(HTTP_OPTIONS, Typed.of(HTTP_OPTIONS, Map.of("explicit_http_config", http2))));
    var endpoints = new ArrayList<Object>();
    target.addresses().forEach(address -> endpoints.add(endpoint(address)));
    var assignment = new LinkedHashMap<String, Object>();
    assignment.put("cluster_name", name);
    assignment.put("endpoints", List.of(Map.of("lb_endpoints", endpoints)));
    cluster.put("load_assignment", assignment);
    return cluster;
  }

  private static Object endpoint(String address) {
    var colon = address.lastIndexOf(':');
    return Map.of(
        "endpoint",
        Map.of(
            "address",
            new Yaml.Flow(
                Map.of(
                    "socket_address",
                    address(
                        address.substring(0, colon),
                        Integer.parseInt(address.substring(colon + 1)))))));
  }

  /// A host and a port.
  static Map<String, Object> address(String host, int port) {
    var address = new LinkedHashMap<String, Object>();
    address.put("address", host);
    address.put("port_value", port);
    return address;
  }
}
