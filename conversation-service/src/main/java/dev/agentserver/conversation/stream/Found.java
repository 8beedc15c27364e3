package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.stream.StreamStore.Asked;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// One message under its conversation's lock, as the caller and those find it who have sent what is
/// pending.
record Found(Writing writing, Map<Asked, Writing> all) {
  private static final StreamStore STORE = new StreamStore();

  /// @param principalId who looks
  static Found lock(DSLContext db, StreamKey message, UUID principalId, Pending pending) {
    STORE.lock(db, List.of(message));
    var mine = new Asked(message, principalId);
    var asked = new ArrayList<>(List.of(mine));
    pending.appends().forEach(append -> asked.add(Asked.by(append)));
    var all = STORE.read(db, asked);
    var writing = all.get(mine);
    if (writing == null) {
      throw Writing.missing(message.id());
    }
    return new Found(writing, all);
  }
}
