package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.Events;
import dev.agentserver.agentrun.event.Subject.Kind;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.DatabaseFaults;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who may follow what.
final class Readers {
  private final Database database;
  private final Events events;
  private final ReaderStore store = new ReaderStore();

  Readers(Database database, Events events) {
    this.database = database;
    this.events = events;
  }

  /// What the caller may follow of a target. Fails with NotFound where there is none for the
  /// caller.
  Readable require(Caller caller, Target target) {
    return database
        .read(db -> store.find(db, caller, target))
        .orElseThrow(() -> new Problem.NotFound(target.resource(), target.id().toString()).raise());
  }

  /// The run of that id; where there is none, the newest run of the agent of that id.
  Target.OfRun run(Caller caller, UUID id) {
    return database.read(
        db -> {
          var run = new Target.OfRun(id);
          return store.find(db, caller, run).isPresent()
              ? run
              : store.newestOf(db, caller, id).map(Target.OfRun::new).orElse(run);
        });
  }

  /// The stream to be read. That of a session begins where nothing has happened yet. That of a run
  /// began with it: where there is none, it went with the conversation.
  Optional<StreamKey> stream(Caller caller, Readable read) {
    var tenant = caller.tenantId();
    var found = database.read(db -> events.find(db, tenant, read.subject()));
    return found.isPresent() || read.subject().kind() == Kind.RUN
        ? found
        : Optional.of(database.write(db -> events.begin(db, tenant, read.subject())));
  }

  /// Why somebody who follows a target must stop; null: they need not.
  ///
  /// @param read what they follow of it
  Frame.@Nullable Reason stop(Caller caller, Target target, Readable read) {
    try {
      return database.read(
          db -> {
            var found = store.find(db, caller, target);
            if (found.isPresent()) {
              return found.get().subject().equals(read.subject()) ? null : Frame.Reason.DELETED;
            }
            return store.exists(db, caller.tenantId(), target)
                ? Frame.Reason.REVOKED
                : Frame.Reason.DELETED;
          });
    } catch (RuntimeException failure) {
      // While the database is away there is nothing to be seen that must not be: the stream waits
      // for it, and the event log says when it has waited for too long.
      if (DatabaseFaults.problem(failure).isPresent()) {
        return null;
      }
      throw failure;
    }
  }
}
