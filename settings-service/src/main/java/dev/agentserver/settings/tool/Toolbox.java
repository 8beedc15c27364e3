package dev.agentserver.settings.tool;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// The tools of one tenant, with their newest schemas.
public final class Toolbox {
  private final Map<UUID, Tool> byId;
  private final NavigableMap<String, Tool> byName;

  private Toolbox(Map<UUID, Tool> byId, NavigableMap<String, Tool> byName) {
    this.byId = byId;
    this.byName = byName;
  }

  static Toolbox of(List<Tool> tools) {
    var byName = new TreeMap<String, Tool>();
    tools.forEach(tool -> byName.put(tool.name(), tool));
    return new Toolbox(
        tools.stream().collect(toUnmodifiableMap(Tool::id, identity())),
        Collections.unmodifiableNavigableMap(byName));
  }

  /// Those of them that have these ids.
  Toolbox only(Set<UUID> ids) {
    return of(ids.stream().map(byId::get).filter(Objects::nonNull).toList());
  }

  Map<UUID, Tool> byId() {
    return byId;
  }

  NavigableMap<String, Tool> byName() {
    return byName;
  }
}
