package dev.agentserver.agentrun.ledger.query;

import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.session.Conversations;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Says what something has cost, to whom may see it.
public final class Costs {
  /// What has a cost.
  public enum Subject {
    RUN,
    SESSION,
    CONVERSATION,
    PROJECT,
    USER,
    MESSAGE
  }

  /// @param inclusive with the runs that worked for it; null: it is no run
  public record Cost(Sum own, @Nullable Sum inclusive) {}

  private static final String READ = "usage:read";

  private final Database database;
  private final Conversations conversations;
  private final CostStore store = new CostStore();

  public Costs(Database database, Conversations conversations) {
    this.database = database;
    this.conversations = conversations;
  }

  /// Fails with NotFound where the caller may not see it.
  ///
  /// @param stepKey of a run: this step of it only; null: the whole
  public Cost get(Caller caller, Subject subject, UUID id, @Nullable String stepKey) {
    var tenant = caller.tenantId();
    if (!caller.mayAny(READ)) {
      requireSeen(caller, subject, id);
    }
    return database.read(
        db ->
            switch (subject) {
              case RUN ->
                  stepKey == null
                      ? new Cost(
                          store.total(db, tenant, subject.name(), id),
                          store.inclusive(db, tenant, id))
                      : new Cost(store.ofStep(db, tenant, id, stepKey), null);
              case SESSION, CONVERSATION, PROJECT ->
                  new Cost(store.total(db, tenant, subject.name(), id), null);
              case USER -> new Cost(store.ofUser(db, tenant, id), null);
              case MESSAGE -> new Cost(store.ofMessage(db, tenant, id), null);
            });
  }

  private void requireSeen(Caller caller, Subject subject, UUID id) {
    var tenant = caller.tenantId();
    switch (subject) {
      case RUN ->
          requireOwn(caller, subject, id, database.read(db -> store.ownerOfRun(db, tenant, id)));
      case SESSION ->
          requireOwn(
              caller, subject, id, database.read(db -> store.ownerOfSession(db, tenant, id)));
      case PROJECT ->
          requireOwn(
              caller, subject, id, database.read(db -> store.ownerOfProject(db, tenant, id)));
      case USER -> requireOwn(caller, subject, id, Optional.of(id));
      case CONVERSATION -> conversations.require(id);
      case MESSAGE -> requireMessage(caller, id);
    }
  }

  /// A message is seen by whoever it was written for, and by those who see its conversation.
  private void requireMessage(Caller caller, UUID id) {
    var author = database.read(db -> store.author(db, caller.tenantId(), id));
    if (author.isEmpty() || caller.principalId().equals(author.get().userId())) {
      return;
    }
    var conversation = author.get().conversationId();
    if (conversation == null) {
      throw missing(Subject.MESSAGE, id);
    }
    conversations.require(conversation);
  }

  private static void requireOwn(Caller caller, Subject subject, UUID id, Optional<UUID> owner) {
    if (!owner.equals(Optional.of(caller.principalId()))) {
      throw missing(subject, id);
    }
  }

  private static RuntimeException missing(Subject subject, UUID id) {
    return new Problem.NotFound(subject.name().toLowerCase(Locale.ROOT), id.toString()).raise();
  }
}
