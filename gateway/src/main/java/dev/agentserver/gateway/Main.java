package dev.agentserver.gateway;

import dev.agentserver.gateway.envoy.EnvoyConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.observe.Logging;
import org.slf4j.LoggerFactory;

/// Runs the gateway until the process is told to stop. With the argument `envoy` it prints the
/// configuration of a stock Envoy that takes its place instead, and ends.
public final class Main {
  private Main() {}

  /// Takes its configuration from the environment.
  public static void main(String[] arguments) throws InterruptedException {
    var environment = Environment.system();
    if (arguments.length == 1 && arguments[0].equals("envoy")) {
      System.out.print(EnvoyConfig.of(GatewayConfig.from(environment)));
      return;
    }
    Logging.configure(environment.text("LOG_LEVEL", "info"), environment.flag("LOG_JSON", true));
    var gateway = Gateway.start(GatewayConfig.from(environment));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(gateway::close));
    LoggerFactory.getLogger(Main.class)
        .info("listening on port {}, admin port {}", gateway.port(), gateway.adminPort());
    Thread.currentThread().join();
  }
}
