package dev.agentserver.gateway.limit;

import dev.agentserver.kit.identity.Caller;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/// Whom a call is counted for: in each scope, by what they are known.
///
/// @param names what stands for the client in each scope that it has
public record Client(Map<Scope, Object> names) {
  /// What of an IPv6 address is one site; anybody has as many of the rest as they like.
  private static final int SITE_BYTES = 8;

  public Client {
    names = Map.copyOf(names);
  }

  /// Somebody who has proved who they are.
  public static Client of(Caller caller) {
    var names = new EnumMap<Scope, Object>(Scope.class);
    names.put(Scope.KEY, caller.credentialId());
    names.put(Scope.USER, caller.principalId());
    if (caller.tenantId() != null) {
      names.put(Scope.TENANT, caller.tenantId());
    }
    return new Client(names);
  }

  /// Somebody of whom nothing is known but where they call from.
  public static Client at(InetAddress address) {
    var bytes = ByteBuffer.wrap(address.getAddress());
    return new Client(
        Map.of(Scope.ADDRESS, address instanceof Inet6Address ? bytes.limit(SITE_BYTES) : bytes));
  }
}
