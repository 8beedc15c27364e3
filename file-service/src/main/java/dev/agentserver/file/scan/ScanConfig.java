package dev.agentserver.file.scan;

import dev.agentserver.kit.config.Environment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/// Who scans.
///
/// @param address of clamd: `tcp://host:3310` or `unix:/run/clamav/clamd.ctl`; "" for nobody
/// @param limit the most bytes of one content; no more than clamd's StreamMaxLength and MaxFileSize
/// @param timeout how long one scan may take
public record ScanConfig(String address, int limit, Duration timeout) {
  private static final int DEFAULT_LIMIT = 25 << 20;
  private static final int CLAMD_PORT = 3310;

  /// Reads the environment; docs/operations.md lists the variables.
  public static ScanConfig from(Environment environment) {
    var config =
        new ScanConfig(
            environment.text("FILE_CLAMD", ""),
            environment.integer("FILE_SCAN_LIMIT", DEFAULT_LIMIT, 1, Integer.MAX_VALUE),
            environment.duration("FILE_SCAN_TIMEOUT", Duration.ofMinutes(1)));
    if (!config.address().isEmpty()) {
      config.socketAddress();
    }
    return config;
  }

  /// The scanner of this configuration.
  public Scanner scanner() {
    return address.isEmpty() ? Scanner.none() : new ClamdScanner(socketAddress(), limit, timeout);
  }

  private SocketAddress socketAddress() {
    var uri = URI.create(address);
    var scheme = String.valueOf(uri.getScheme());
    if (scheme.equals("unix") && uri.getSchemeSpecificPart().startsWith("/")) {
      return UnixDomainSocketAddress.of(uri.getSchemeSpecificPart());
    }
    if (scheme.equals("tcp") && uri.getHost() != null) {
      return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? CLAMD_PORT : uri.getPort());
    }
    throw new IllegalArgumentException(
        "FILE_CLAMD is \"" + address + "\", allowed is tcp://host:port or unix:/path");
  }
}
