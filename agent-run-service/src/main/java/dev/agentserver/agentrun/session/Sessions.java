package dev.agentserver.agentrun.session;

import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.agentrun.run.Fence;
import dev.agentserver.agentrun.session.Session.Attributes;
import dev.agentserver.agentrun.session.SessionListStore.Position;
import dev.agentserver.agentrun.text.Slug;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Creates, finds and changes sessions.
public final class Sessions {
  static final String READ = "session:read";
  static final String WRITE = "session:write";
  private static final String RESOURCE = "session";

  /// A page of the caller's list, and where the next one begins; null on the last.
  record Page(List<Session> sessions, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final Ids ids;
  private final ConversationLinks conversations;
  private final PhaseStore phases = new PhaseStore();
  private final Fence fence = new Fence();
  private final SessionStore store = new SessionStore();
  private final SessionListStore lists = new SessionListStore();
  private final Supplier<Duration> lifetime;

  /// @param lifetime after which a session fails if nothing happens
  public Sessions(
      Database database,
      Writes writes,
      Ids ids,
      ConversationLinks conversations,
      Supplier<Duration> lifetime) {
    this.database = database;
    this.writes = writes;
    this.ids = ids;
    this.conversations = conversations;
    this.lifetime = lifetime;
  }

  /// @param id the id the client chose; null: none
  /// @param draft with an empty slug where one is to be made
  Session create(
      Caller caller,
      Attempt<Session> attempt,
      @Nullable UUID id,
      SessionType type,
      Attributes draft) {
    var asked = conversations.ask(caller, draft.conversationId());
    return writes.once(
        caller,
        attempt,
        db -> {
          var key = id == null ? ids.next() : id;
          checkProject(db, caller, draft.projectId());
          conversations.keep(db, asked);
          var attributes =
              draft.slug().isEmpty() ? named(draft, slug(db, caller, draft, key)) : checked(draft);
          naming(
              key,
              attributes,
              () -> store.insert(db, caller, key, type, attributes, lifetime.get()));
          if (type.first() != null) {
            phases.enter(db, caller.tenantId(), key, type.first(), false);
          }
          return store.get(db, caller.tenantId(), key);
        });
  }

  private String slug(DSLContext db, Caller caller, Attributes draft, UUID id) {
    var slug = Slug.of(draft.title(), RESOURCE);
    return store.hasSlug(db, caller, slug) ? Slug.distinct(slug, id) : slug;
  }

  private static Attributes named(Attributes old, String slug) {
    return new Attributes(
        old.title(),
        slug,
        old.projectId(),
        old.conversationId(),
        old.workingDir(),
        old.gitBranch(),
        old.externalId(),
        old.metadata());
  }

  /// A slug that is an id would hide the session with that id.
  private static Attributes checked(Attributes attributes) {
    if (Slug.isId(attributes.slug())) {
      throw Problem.invalid("slug", "must not be a UUID");
    }
    return attributes;
  }

  private void checkProject(DSLContext db, Caller caller, @Nullable UUID id) {
    if (id != null && !store.hasProject(db, caller, id)) {
      throw new Problem.NotFound("project", id.toString()).raise();
    }
  }

  /// The session, if the caller may see it.
  public Session get(Caller caller, SessionRef ref) {
    return database.read(db -> find(db, caller, ref));
  }

  /// The same, in a transaction.
  public Session find(DSLContext db, Caller caller, SessionRef ref) {
    return store.find(db, caller, READ, ref).orElseThrow(() -> missing(ref));
  }

  /// Whether the caller may see one of these.
  public boolean isAnyReadable(Caller caller, Collection<UUID> ids) {
    return !ids.isEmpty()
        && (caller.may(READ) || caller.mayAny(READ))
        && database.read(db -> store.hasAny(db, caller, READ, ids));
  }

  /// The session for somebody who may change it, locked until the transaction ends.
  /// A run holds its lease until then, too; fails with LEASE_LOST where it does not.
  public Session lock(DSLContext db, Caller caller, SessionRef ref) {
    var session = store.lock(db, caller, WRITE, ref).orElseThrow(() -> missing(ref));
    fence.check(db, caller);
    return session;
  }

  /// The same; refused when it has ended.
  public Session lockLive(DSLContext db, Caller caller, SessionRef ref) {
    var session = lock(db, caller, ref);
    if (session.state().isEnded()) {
      throw new Problem.Refused(
              "SESSION_ENDED",
              "the session has ended",
              Map.of("id", session.id().toString(), "state", session.state().name()))
          .raise();
    }
    return session;
  }

  Page list(Caller caller, SessionFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> lists.list(db, caller, filter, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new Position(last.times().lastActivityAt(), last.id()));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  /// @param conversationId the conversation it is to be talked about in, where that is among the
  /// edits
  Session update(
      Caller caller,
      Attempt<Session> attempt,
      UUID id,
      String etag,
      @Nullable UUID conversationId,
      UnaryOperator<Attributes> edit) {
    var asked = conversations.ask(caller, conversationId);
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = lock(db, caller, SessionRef.of(id));
          checkEtag(current, etag);
          conversations.keep(db, asked);
          return change(db, caller, current, edit);
        });
  }

  /// Changes a session whose row is locked.
  public Session change(
      DSLContext db, Caller caller, Session current, UnaryOperator<Attributes> edit) {
    var old = current.attributes();
    var changed = checked(edit.apply(old));
    if (changed.equals(old)) {
      return current;
    }
    if (changed.projectId() != null && !changed.projectId().equals(old.projectId())) {
      checkProject(db, caller, changed.projectId());
    }
    naming(current.id(), changed, () -> store.update(db, caller.tenantId(), current.id(), changed));
    return store.get(db, caller.tenantId(), current.id());
  }

  /// The session for somebody who may delete it, locked until the transaction ends.
  ///
  /// @param etag the state the caller has seen; empty: whatever it is
  public Session lockToDelete(DSLContext db, Caller caller, SessionRef ref, String etag) {
    var session = store.lock(db, caller, "session:delete", ref).orElseThrow(() -> missing(ref));
    checkEtag(session, etag);
    return session;
  }

  private static RuntimeException missing(SessionRef ref) {
    return new Problem.NotFound(RESOURCE, ref.text()).raise();
  }

  private static void checkEtag(Session current, String etag) {
    if (!etag.isEmpty() && !current.matches(etag)) {
      throw new Problem.Stale(RESOURCE, current.id().toString(), current.etag()).raise();
    }
  }

  /// Runs a write and says what was taken when the database finds a value that must be unique.
  private static void naming(UUID id, Attributes attributes, Runnable write) {
    try {
      write.run();
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "session_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "session_slug_unique" ->
            new Problem.AlreadyExists(RESOURCE, "slug " + attributes.slug()).raise();
        case "session_external_id_unique" ->
            new Problem.AlreadyExists(RESOURCE, "external_id " + attributes.externalId()).raise();
        case "session_project_fk" ->
            new Problem.NotFound("project", String.valueOf(attributes.projectId())).raise();
        default -> e;
      };
    }
  }
}
