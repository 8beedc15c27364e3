package dev.agentserver.gateway.envoy;

import java.util.Arrays;
import java.util.List;

/// Where a service listens, as Envoy is told it.
///
/// @param addresses `host:port` of each replica, or one name that stands for all
record Target(List<String> addresses) {
  private static final String STATIC = "static:";
  private static final String DNS = "dns:///";

  /// @param text `static:host:port[,host:port]` or `dns:///name:port`
  static Target parse(String text) {
    if (text.startsWith(STATIC)) {
      return new Target(Arrays.asList(text.substring(STATIC.length()).split(",")));
    }
    if (text.startsWith(DNS)) {
      return new Target(List.of(text.substring(DNS.length())));
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not of the form static:host:port[,host:port] or dns:///name:port");
  }

  /// A name for it in Envoy's statistics: that of its first host.
  String name() {
    return addresses.getFirst().replaceAll("[^A-Za-z0-9-]", "-");
  }
}
