package dev.agentserver.settings;

/// The whole service, for tests that need its ports.
public final class SettingsProcess implements AutoCloseable {
  private final Wiring wiring;

  private SettingsProcess(Wiring wiring) {
    this.wiring = wiring;
  }

  /// Makes the first tenant and returns its owner's key.
  public static String ownerKey(Config config) {
    try (var wiring = BootstrapWiring.open(config)) {
      return wiring.bootstrap().first(config.keyEnvironment(), "First", null).ownerKey().format();
    }
  }

  public static SettingsProcess start(Config config) {
    return new SettingsProcess(Wiring.start(config));
  }

  public int port() {
    return wiring.port();
  }

  public int httpPort() {
    return wiring.httpPort();
  }

  public int guestPort() {
    return wiring.guestPort();
  }

  @Override
  public void close() {
    wiring.close();
  }
}
