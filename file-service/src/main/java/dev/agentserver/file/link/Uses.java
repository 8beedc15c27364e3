package dev.agentserver.file.link;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What uses a file, by kind.
record Uses(Set<UUID> conversations, Set<UUID> sessions, Set<UUID> agents) {
  static Uses none() {
    return new Uses(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
  }

  void add(@Nullable UUID conversation, @Nullable UUID session, @Nullable UUID agent) {
    add(conversations, conversation);
    add(sessions, session);
    add(agents, agent);
  }

  private static void add(Set<UUID> ids, @Nullable UUID id) {
    if (id != null) {
      ids.add(id);
    }
  }

  int size() {
    return conversations.size() + sessions.size() + agents.size();
  }
}
