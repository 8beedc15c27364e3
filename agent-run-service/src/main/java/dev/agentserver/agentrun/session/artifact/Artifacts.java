package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.session.SessionStore;
import dev.agentserver.agentrun.session.Sessions;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Keeps what the files of sessions say, revision by revision.
public final class Artifacts {
  /// The most that a session has.
  public static final int MOST = 1000;

  /// @param artifacts as they are now, without what they say
  /// @param revisions how many of them are new
  record Put(List<Artifact> artifacts, int revisions) {}

  private final Database database;
  private final Sessions sessions;
  private final FileLinks files;
  private final Supplier<Duration> lifetime;
  private final SessionStore touched = new SessionStore();
  private final ArtifactStore store = new ArtifactStore();

  /// @param lifetime after which a session fails if nothing happens
  public Artifacts(
      Database database, Sessions sessions, FileLinks files, Supplier<Duration> lifetime) {
    this.database = database;
    this.sessions = sessions;
    this.files = files;
    this.lifetime = lifetime;
  }

  Artifact put(Caller caller, SessionRef ref, Draft draft) {
    return database.write(
        db -> {
          var session = sessions.lockLive(db, caller, ref);
          var tenant = caller.tenantId();
          var put = putAll(db, tenant, session.id(), List.of(draft));
          if (draft.fileId() != null && put.revisions() > 0) {
            var conversation = session.attributes().conversationId();
            files.put(db, tenant, session.id(), conversation, draft.fileId());
          }
          return put.artifacts().getFirst();
        });
  }

  /// Puts what a file holds. It asks another service first.
  ///
  /// @param mediaType empty: told by the file
  Artifact putFile(Caller caller, SessionRef ref, ArtifactKey key, UUID fileId, String mediaType) {
    var file = files.require("file_id", fileId);
    return put(caller, ref, Draft.of("file_id", key, file, mediaType));
  }

  /// Puts some, each once, into a session whose row is locked.
  Put putAll(DSLContext db, UUID tenantId, UUID sessionId, List<Draft> drafts) {
    var keys = drafts.stream().map(draft -> draft.key().text()).toList();
    var before =
        store.newest(db, tenantId, sessionId, keys).stream()
            .collect(Collectors.toMap(Artifact::key, Function.identity()));
    var changed = drafts.stream().filter(draft -> !says(before, draft)).toList();
    if (!changed.isEmpty()) {
      needRoom(db, tenantId, sessionId, drafts.size() - before.size());
      store
          .put(db, tenantId, sessionId, changed, numbers(before, changed))
          .forEach(file -> files.dropped(db, tenantId, sessionId, file));
      touched.touch(db, tenantId, sessionId, lifetime.get());
    }
    return new Put(store.newest(db, tenantId, sessionId, keys), changed.size());
  }

  private static boolean says(Map<String, Artifact> before, Draft draft) {
    var old = before.get(draft.key().text());
    return old != null && Arrays.equals(old.sha256(), draft.sha256());
  }

  private static Map<String, Integer> numbers(Map<String, Artifact> before, List<Draft> changed) {
    var numbers = new HashMap<String, Integer>();
    for (var draft : changed) {
      var old = before.get(draft.key().text());
      numbers.put(draft.key().text(), old == null ? 1 : old.revision() + 1);
    }
    return numbers;
  }

  private void needRoom(DSLContext db, UUID tenantId, UUID sessionId, int more) {
    if (more > 0 && store.count(db, tenantId, sessionId) + more > MOST) {
      throw new Problem.Refused(
              "TOO_MANY",
              "a session has at most " + MOST + " artifacts",
              Map.of("resource", "artifact", "limit", Integer.toString(MOST)))
          .raise();
    }
  }

  /// @param revision 0: the newest
  Artifact get(Caller caller, SessionRef ref, String key, int revision) {
    return database.read(
        db ->
            store
                .find(db, caller.tenantId(), sessions.find(db, caller, ref).id(), key, revision)
                .orElseThrow(
                    () ->
                        new Problem.NotFound("artifact", revision == 0 ? key : key + "@" + revision)
                            .raise()));
  }

  List<Artifact> list(Caller caller, SessionRef ref, String prefix, String after, int limit) {
    return database.read(
        db ->
            store.list(
                db, caller.tenantId(), sessions.find(db, caller, ref).id(), prefix, after, limit));
  }

  /// All of a session, without what they say.
  List<Artifact> all(DSLContext db, UUID tenantId, UUID sessionId) {
    return store.list(db, tenantId, sessionId, "", "", MOST);
  }

  /// @param before the revision that the page before ended with; null: from the newest
  List<Artifact> revisions(
      Caller caller, SessionRef ref, String key, @Nullable Integer before, int limit) {
    return database.read(
        db ->
            store.revisions(
                db, caller.tenantId(), sessions.find(db, caller, ref).id(), key, before, limit));
  }
}
