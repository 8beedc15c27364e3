package dev.agentserver.agentrun.run;

import dev.agentserver.kit.identity.Caller;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The sessions, as runs need them.
@FunctionalInterface
public interface Sessions {
  /// The conversation of a session in which the caller may begin runs; null: it has none. Fails
  /// with NotFound where there is no such session.
  @Nullable UUID conversation(DSLContext db, Caller caller, UUID sessionId);
}
