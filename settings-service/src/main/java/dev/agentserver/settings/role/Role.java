package dev.agentserver.settings.role;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A named set of permissions.
///
/// @param permissions in the order of their names
/// @param builtIn whether every tenant has it; it has no version and no times then
public record Role(
    String name,
    String description,
    List<String> permissions,
    boolean builtIn,
    long version,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {

  static Role builtIn(String name, List<String> permissions) {
    return new Role(name, "", permissions, true, 0, null, null);
  }

  public String etag() {
    return builtIn ? "" : Long.toString(version);
  }
}
