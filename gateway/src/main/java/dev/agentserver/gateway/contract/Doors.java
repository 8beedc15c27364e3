package dev.agentserver.gateway.contract;

import dev.agentserver.common.v1.AnnotationsProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The HTTP doors that the gateway serves: those of the services whose package is mapped to an
/// upstream. No path belongs to two of them.
public final class Doors {
  private final List<Door> all = new ArrayList<>();

  /// @param upstreams package prefixes; the longest that fits a service is its upstream
  public Doors(Contracts contracts, Set<String> upstreams) {
    for (var service : contracts.services()) {
      Methods.upstream(service, upstreams)
          .ifPresent(
              upstream ->
                  service
                      .getOptions()
                      .getExtension(AnnotationsProto.httpDoor)
                      .forEach(
                          door ->
                              Door.of(door, service.getFullName(), upstream).forEach(this::add)));
    }
    for (var upstream : upstreams) {
      if (all.stream().noneMatch(door -> door.upstream().equals(upstream))) {
        throw new IllegalArgumentException(
            "HTTP_UPSTREAMS names " + upstream + ", but the contracts have no HTTP door there");
      }
    }
  }

  private void add(Door door) {
    for (var other : all) {
      if (door.meets(other)) {
        throw new IllegalArgumentException(
            "the HTTP doors %s and %s are asked for the same paths"
                .formatted(other.prefix(), door.prefix()));
      }
    }
    all.add(door);
  }

  /// The door that a request goes through.
  public Optional<Door> find(String method, String path) {
    return all.stream().filter(door -> door.takes(method, path)).findFirst();
  }

  public List<Door> all() {
    return List.copyOf(all);
  }
}
