package dev.agentserver.settings.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Finds the addresses of a host.
@FunctionalInterface
public interface Resolver {
  /// That of the system.
  Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /// One address at least.
  List<InetAddress> resolve(String host) throws UnknownHostException;
}
