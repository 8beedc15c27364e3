package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.agentrun.directory.Directories;
import dev.agentserver.agentrun.session.Session;
import dev.agentserver.agentrun.session.Session.Attributes;
import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.session.Sessions;
import dev.agentserver.agentrun.session.checkpoint.Checkpoint;
import dev.agentserver.agentrun.session.checkpoint.Checkpoints;
import dev.agentserver.agentrun.session.drive.Driving;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;

/// The directory of a session as a whole: what is in it is taken at once, and its state.json is
/// read and written from what is known here.
public final class StateFiles {
  /// What a session's state.json says.
  record State(Session session, List<Checkpoint> checkpoints, List<Artifact> artifacts) {}

  /// What became of the files.
  record Synced(Session session, List<Artifact> artifacts, int revisions) {}

  private final Database database;
  private final Writes writes;
  private final Sessions sessions;
  private final Driving driving;
  private final Checkpoints checkpoints;
  private final Artifacts artifacts;
  private final Directories directories;
  private final StateFile.Reader reader;

  public StateFiles(
      Database database,
      Writes writes,
      Sessions sessions,
      Driving driving,
      Checkpoints checkpoints,
      Artifacts artifacts,
      Directories directories,
      StateFile.Reader reader) {
    this.database = database;
    this.writes = writes;
    this.sessions = sessions;
    this.driving = driving;
    this.checkpoints = checkpoints;
    this.artifacts = artifacts;
    this.directories = directories;
    this.reader = reader;
  }

  State state(Caller caller, SessionRef ref) {
    return database.snapshot(
        db -> {
          var session = sessions.find(db, caller, ref);
          return new State(
              session,
              checkpoints.all(db, caller.tenantId(), session.id()),
              artifacts.all(db, caller.tenantId(), session.id()));
        });
  }

  /// The files of a directory of this machine.
  List<Draft> read(Caller caller, String method, String directory) {
    return directories.sessionFiles(caller, method, directory, Draft.MOST_BYTES).stream()
        .map(
            file ->
                Draft.of(
                    "directory", ArtifactKey.ofFile("directory", file.path()), file.content(), ""))
        .toList();
  }

  /// Takes all of the files, or none.
  Synced sync(Caller caller, Attempt<Synced> attempt, SessionRef ref, List<Draft> drafts) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var session = sessions.lockLive(db, caller, ref);
          var put = artifacts.putAll(db, caller.tenantId(), session.id(), drafts);
          for (var draft : drafts) {
            if (draft.key().text().equals(ArtifactKey.STATE) && draft.content() != null) {
              take(db, caller, session, draft.content());
            }
          }
          return new Synced(
              sessions.find(db, caller, SessionRef.of(session.id())),
              put.artifacts(),
              put.revisions());
        });
  }

  private void take(DSLContext db, Caller caller, Session session, String json) {
    var state = reader.read(json, session.times().lastActivityAt());
    var changed = sessions.change(db, caller, session, old -> edited(old, state));
    if (!state.checkpoints().isEmpty()) {
      checkpoints.replace(db, caller.tenantId(), session.id(), state.checkpoints());
    }
    if (state.phase() != null && state.phase() != session.phase()) {
      driving.enter(db, caller, changed, state.phase(), false);
    }
  }

  private static Attributes edited(Attributes old, StateFile state) {
    return new Attributes(
        Objects.requireNonNullElse(state.title(), old.title()),
        old.slug(),
        old.projectId(),
        old.conversationId(),
        state.workingDir() == null ? old.workingDir() : state.workingDir(),
        state.gitBranch() == null ? old.gitBranch() : state.gitBranch(),
        old.externalId(),
        old.metadata());
  }
}
