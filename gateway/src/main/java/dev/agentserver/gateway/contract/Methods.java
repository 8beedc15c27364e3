package dev.agentserver.gateway.contract;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The methods that the gateway serves: those of the services whose package is mapped to an
/// upstream. Never those that are internal or have no policy, and never the services that each
/// process serves for itself.
public final class Methods {
  /// Where the policies are defined, the services are those that every process has of its own.
  private static final String OF_EVERY_PROCESS = Policy.getDescriptor().getFile().getPackage();

  private final Map<String, Method> byName = new LinkedHashMap<>();

  /// @param upstreams package prefixes; the longest that fits a service is its upstream
  public Methods(Contracts contracts, Set<String> upstreams) {
    for (var service : contracts.services()) {
      upstream(service, upstreams).ifPresent(upstream -> add(service, upstream));
    }
    for (var upstream : upstreams) {
      if (contracts.services().stream()
          .noneMatch(service -> upstream(service, upstreams).equals(Optional.of(upstream)))) {
        throw new IllegalArgumentException(
            "UPSTREAMS names " + upstream + ", but the contracts have no service there to serve");
      }
    }
  }

  static Optional<String> upstream(ServiceDescriptor service, Set<String> upstreams) {
    if (service.getFile().getPackage().equals(OF_EVERY_PROCESS)) {
      return Optional.empty();
    }
    var name = service.getFullName();
    return upstreams.stream()
        .filter(prefix -> name.equals(prefix) || name.startsWith(prefix + "."))
        .max(Comparator.comparingInt(String::length));
  }

  private void add(ServiceDescriptor service, String upstream) {
    for (var method : service.getMethods()) {
      var options = method.getOptions();
      var policy = options.getExtension(AnnotationsProto.policy);
      if (!policy.getPermission().isEmpty() && !policy.getInternal()) {
        var fullName = service.getFullName() + "/" + method.getName();
        byName.put(fullName, new Method(method, fullName, policy, upstream));
      }
    }
  }

  /// @param fullName as gRPC writes it: `package.Service/Method`
  public Optional<Method> find(String fullName) {
    return Optional.ofNullable(byName.get(fullName));
  }

  public Collection<Method> all() {
    return byName.values();
  }
}
