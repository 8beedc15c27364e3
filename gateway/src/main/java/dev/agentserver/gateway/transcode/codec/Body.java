package dev.agentserver.gateway.transcode.codec;

import java.util.Set;

/// What a JSON body says.
///
/// @param wire the request message, as far as the body goes
/// @param named the paths of the fields it names, in proto names, down to scalars, lists, maps and
/// well-known types
/// @param nulls those of them that it names with null
public record Body(byte[] wire, Set<String> named, Set<String> nulls) {
  private static final Body EMPTY = new Body(new byte[0], Set.of(), Set.of());

  /// The body of a request that has none.
  public static Body empty() {
    return EMPTY;
  }

  /// Whether it gives the field a value, the default value included.
  public boolean sets(String path) {
    return named.contains(path) && !nulls.contains(path);
  }
}
