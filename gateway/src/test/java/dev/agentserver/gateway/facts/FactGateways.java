package dev.agentserver.gateway.facts;

import dev.agentserver.gateway.Gateway;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.kit.config.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The gateways that the cases need: one for each set of options, in front of the one service or
/// the other.
final class FactGateways implements AutoCloseable {
  private final String mode;
  private final Path folder;
  private final Map<String, Gateway> running = new HashMap<>();

  final PlayedService service = new PlayedService();
  final PlayedHttp http = new PlayedHttp();

  /// @param folder where options are written
  FactGateways(String mode, Path folder) throws IOException {
    this.mode = mode;
    this.folder = folder;
  }

  /// The port of a gateway.
  ///
  /// @param options as Envoy's configuration has them
  /// @param isRaw whether the service is the one that may send anything
  int port(Map<String, Object> options, boolean isRaw) {
    var key = options + " " + isRaw;
    return running.computeIfAbsent(key, _ -> start(options, isRaw, Map.of())).port();
  }

  /// Starts one that is stopped with the others.
  ///
  /// @param more variables that differ
  Gateway start(Map<String, Object> options, boolean isRaw, Map<String, String> more) {
    var target = "static:127.0.0.1:" + (isRaw ? http.port() : service.port());
    var variables = new HashMap<String, String>();
    variables.put("PORT", "0");
    variables.put("ADMIN_PORT", "0");
    variables.put("DESCRIPTOR_SET", TestContracts.file().toString());
    variables.put("UPSTREAMS", "bookstore=" + target);
    variables.put("ACCESS_TARGET", target);
    variables.put("GATEWAY_MODE", mode);
    variables.put("GATEWAY_TRANSCODER", file(options).toString());
    variables.put("GATEWAY_OPEN_AFTER", "1h");
    variables.put("GATEWAY_HEARTBEAT", "1h");
    variables.putAll(more);
    return Gateway.start(GatewayConfig.from(Environment.of(variables)));
  }

  private Path file(Map<String, Object> options) {
    try {
      var file = folder.resolve("options-" + Integer.toHexString(options.hashCode()) + ".json");
      return Files.writeString(file, Json.write(options));
    } catch (IOException full) {
      throw new java.io.UncheckedIOException(full);
    }
  }

  /// Does not wait for the gateways: each takes two seconds to be sure of its end.
  @Override
  public void close() {
    running.values().forEach(gateway -> Thread.ofVirtual().start(gateway::close));
    service.close();
    http.close();
  }
}
