package dev.agentserver.settings.history;

import java.util.UUID;
import org.jooq.DSLContext;

/// Is told of every revision, inside the transaction that makes it.
@FunctionalInterface
public interface Commits {
  void made(DSLContext db, UUID tenantId, long revision);
}
