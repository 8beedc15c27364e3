package dev.agentserver.settings.outbound;

import dev.agentserver.kit.config.Environment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Where requests may go that users ask for.
///
/// @param ports at public addresses
/// @param hosts which may have any address; each as a host, for the ports above, or with a port of
/// its own
/// @param timeout for the whole of a request
/// @param concurrent the most at a time
public record OutboundConfig(
    Set<Integer> ports, Set<String> hosts, Duration timeout, int concurrent) {
  private static final int CONCURRENT = 16;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /// Reads INTEGRATION_PORTS, INTEGRATION_ALLOWED_HOSTS and INTEGRATION_TIMEOUT.
  public static OutboundConfig from(Environment environment) {
    var timeout = environment.duration("INTEGRATION_TIMEOUT", Duration.ofSeconds(5));
    if (timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "INTEGRATION_TIMEOUT is " + timeout + ", allowed is more than 0 and at most 1m");
    }
    return new OutboundConfig(
        list(environment.text("INTEGRATION_PORTS", "80,443")).stream()
            .map(OutboundConfig::port)
            .collect(Collectors.toUnmodifiableSet()),
        list(environment.text("INTEGRATION_ALLOWED_HOSTS", "")),
        timeout,
        CONCURRENT);
  }

  /// Whether the operator lets this one have any address.
  boolean names(Endpoint endpoint) {
    return hosts.contains(endpoint.host() + ":" + endpoint.port())
        || (hosts.contains(endpoint.host()) && ports.contains(endpoint.port()));
  }

  private static Set<String> list(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split(","))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static int port(String text) {
    try {
      var port = Integer.parseInt(text);
      if (port > 0 && port < (1 << Character.SIZE)) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(complaint(text), notANumber);
    }
    throw new IllegalArgumentException(complaint(text));
  }

  private static String complaint(String text) {
    return "INTEGRATION_PORTS has \"" + text + "\", allowed are numbers from 1 to 65535";
  }
}
