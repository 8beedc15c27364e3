package dev.agentserver.gateway.call;

import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.contract.Methods;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The services behind the gateway: one channel for each target, whatever the number of packages it
/// serves.
public final class Upstreams implements AutoCloseable {
  private final Map<String, ManagedChannel> byTarget = new HashMap<>();
  private final Map<String, ManagedChannel> byPrefix = new HashMap<>();
  private final Map<String, Endpoint> endpoints = new HashMap<>();

  /// @param targets package prefix to gRPC target
  /// @param open makes the channel of a target
  public Upstreams(
      Map<String, String> targets, Methods methods, Function<String, ManagedChannel> open) {
    targets.forEach(
        (prefix, target) -> byPrefix.put(prefix, byTarget.computeIfAbsent(target, open)));
    for (var method : methods.all()) {
      var channel = byPrefix.get(method.upstream());
      endpoints.put(method.fullName(), Endpoint.of(method, channel));
    }
  }

  /// Where a method is implemented; empty when the gateway does not serve it.
  ///
  /// @param fullName as gRPC writes it: `package.Service/Method`
  public Optional<Endpoint> find(String fullName) {
    return Optional.ofNullable(endpoints.get(fullName));
  }

  public Endpoint of(Method method) {
    return find(method.fullName()).orElseThrow();
  }

  /// Package prefix to its connections.
  public Map<String, Channel> channels() {
    return Map.copyOf(byPrefix);
  }

  /// Cuts what still runs: the server in front has drained before.
  @Override
  public void close() {
    byTarget.values().forEach(ManagedChannel::shutdownNow);
  }
}
