package dev.agentserver.gateway;

/// A running gateway.
public final class Gateway implements AutoCloseable {
  private final Wiring wiring;

  private Gateway(Wiring wiring) {
    this.wiring = wiring;
  }

  /// Starts one. It listens on return, whether the services behind it do or not.
  public static Gateway start(GatewayConfig config) {
    return new Gateway(new Wiring(config));
  }

  /// The port that clients use.
  public int port() {
    return wiring.port();
  }

  /// The port of metrics and health.
  public int adminPort() {
    return wiring.adminPort();
  }

  /// Drains and stops.
  @Override
  public void close() {
    wiring.close();
  }
}
