package dev.agentserver.settings.flag.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which flags need which.
public final class Prerequisites {
  /// The longest chain of flags that need each other.
  public static final int DEPTH = 16;

  private final Map<String, List<String>> needed;
  private final Map<String, Integer> depths = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private Prerequisites(Map<String, List<String>> needed) {
    this.needed = needed;
  }

  /// The flags that are in a circle, lead to one, or begin a chain that is too long.
  ///
  /// @param needed flag to what it needs; what is not a flag ends a chain
  public static List<String> circles(Map<String, List<String>> needed) {
    var search = new Prerequisites(needed);
    var found = new ArrayList<String>();
    for (var key : needed.keySet()) {
      if (search.depth(key) > DEPTH) {
        found.add(key);
      }
    }
    return found;
  }

  /// How many flags lie beneath this one; beyond the bound nobody asks any more.
  private int depth(String key) {
    var known = depths.get(key);
    if (known != null) {
      return known;
    }
    // One that is asked for while it is asked for is beneath itself.
    if (!open.add(key)) {
      return DEPTH + 1;
    }
    var deepest = 0;
    for (var other : needed.getOrDefault(key, List.of())) {
      deepest = Math.max(deepest, Math.min(DEPTH + 1, 1 + depth(other)));
    }
    open.remove(key);
    depths.put(key, deepest);
    return deepest;
  }
}
