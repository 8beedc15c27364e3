package dev.agentserver.settings.envoy;

import java.util.Map;

/// A request that Envoy asks about.
///
/// @param path as the client sent it, without the query
/// @param headers by their names in lower case
/// @param address the network address it came from; empty where Envoy does not say
record Asked(
    String method, String path, String query, Map<String, String> headers, String address) {
  Asked {
    headers = Map.copyOf(headers);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /// A browser's question whether a page may call. It carries no credential and reaches no method.
  boolean isPreflight() {
    return method.equals("OPTIONS") && headers.containsKey("access-control-request-method");
  }

  /// Whether its answer is a status in trailers. gRPC-Web is not: Envoy has made gRPC of it before.
  boolean isGrpc() {
    var type = header("content-type");
    return type.equals("application/grpc") || type.startsWith("application/grpc+");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
