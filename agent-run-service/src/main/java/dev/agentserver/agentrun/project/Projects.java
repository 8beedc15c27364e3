package dev.agentserver.agentrun.project;

import dev.agentserver.agentrun.project.Project.Attributes;
import dev.agentserver.agentrun.project.Project.State;
import dev.agentserver.agentrun.project.Project.Transition;
import dev.agentserver.agentrun.project.ProjectStore.Position;
import dev.agentserver.agentrun.text.Slug;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Creates, onboards, finds and changes projects.
public final class Projects {
  private static final String RESOURCE = "project";
  private static final String WRITE = "project:write";

  /// A page of the caller's list, and where the next one begins; null on the last.
  record Page(List<Project> projects, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final ProjectStore store = new ProjectStore();

  public Projects(Database database, Writes writes, AuditTrail audit, Ids ids) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
  }

  /// @param id the id the client chose; null: none
  /// @param draft with an empty slug where one is to be made
  Project create(Caller caller, Attempt<Project> attempt, @Nullable UUID id, Attributes draft) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var key = id == null ? ids.next() : id;
          var attributes =
              draft.slug().isEmpty() ? named(draft, slug(db, caller, draft, key)) : draft;
          naming(key, attributes, () -> store.insert(db, caller, key, attributes));
          return find(db, caller, key);
        });
  }

  private String slug(DSLContext db, Caller caller, Attributes draft, UUID id) {
    var slug = Slug.of(draft.name(), RESOURCE);
    return store.hasSlug(db, caller, slug) ? Slug.distinct(slug, id) : slug;
  }

  private static Attributes named(Attributes old, String slug) {
    return new Attributes(
        old.name(), slug, old.path(), old.repoUrl(), old.externalId(), old.metadata());
  }

  Project get(Caller caller, UUID id) {
    return database.read(db -> find(db, caller, id));
  }

  Page list(Caller caller, ProjectFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> store.list(db, caller, filter, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new Position(last.updatedAt(), last.id()));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Project update(
      Caller caller,
      Attempt<Project> attempt,
      UUID id,
      String etag,
      UnaryOperator<Attributes> edit) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = lock(db, caller, WRITE, id);
          checkEtag(current, etag);
          var changed = edit.apply(current.attributes());
          if (changed.equals(current.attributes())) {
            return current;
          }
          naming(id, changed, () -> store.update(db, caller.tenantId(), id, changed));
          return find(db, caller, id);
        });
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          checkEtag(lock(db, caller, "project:delete", id), etag);
          store.delete(db, caller.tenantId(), id);
          audit.record(
              db, caller, new AuditRecord(attempt.method(), RESOURCE, id.toString(), Map.of()));
          return true;
        });
  }

  Project onboard(Caller caller, Attempt<Project> attempt, UUID id, List<String> steps) {
    return writes.once(
        caller,
        attempt,
        db -> {
          change(db, caller, id, Transition.ONBOARD);
          store.insertSteps(db, caller.tenantId(), id, steps);
          return find(db, caller, id);
        });
  }

  Project move(Caller caller, Attempt<Project> attempt, UUID id, Transition transition) {
    return writes.once(
        caller,
        attempt,
        db -> {
          change(db, caller, id, transition);
          return find(db, caller, id);
        });
  }

  private void change(DSLContext db, Caller caller, UUID id, Transition transition) {
    var current = lock(db, caller, WRITE, id);
    if (!transition.isLegalFrom(current.state())) {
      throw new Problem.Refused(
              "INVALID_STATE_TRANSITION",
              "a project that is " + current.state() + " takes no " + transition,
              Map.of(
                  "id",
                  id.toString(),
                  "state",
                  current.state().name(),
                  "transition",
                  transition.name()))
          .raise();
    }
    store.setState(db, caller.tenantId(), id, transition.to());
  }

  /// A step that is done stays done, whatever the state.
  Project completeStep(Caller caller, UUID id, int number) {
    return database.write(
        db -> {
          var current = lock(db, caller, WRITE, id);
          var step =
              current.steps().stream()
                  .filter(each -> each.number() == number)
                  .findAny()
                  .orElseThrow(() -> missing("onboarding step", Integer.toString(number)));
          if (step.completedAt() != null) {
            return current;
          }
          store.completeStep(db, caller.tenantId(), id, number);
          var left = current.steps().stream().filter(each -> each.completedAt() == null).count();
          var done = left == 1 && current.state() == State.ONBOARDING;
          store.setState(db, caller.tenantId(), id, done ? State.ACTIVE : current.state());
          return find(db, caller, id);
        });
  }

  private Project lock(DSLContext db, Caller caller, String permission, UUID id) {
    return store
        .lock(db, caller, permission, id)
        .orElseThrow(() -> missing(RESOURCE, id.toString()));
  }

  private Project find(DSLContext db, Caller caller, UUID id) {
    return store.find(db, caller, id).orElseThrow(() -> missing(RESOURCE, id.toString()));
  }

  private static ProblemException missing(String resource, String id) {
    return new Problem.NotFound(resource, id).raise();
  }

  private static void checkEtag(Project current, String etag) {
    if (!etag.isEmpty() && !current.etag().equals(etag)) {
      throw new Problem.Stale(RESOURCE, current.id().toString(), current.etag()).raise();
    }
  }

  /// Runs a write and says what was taken when the database finds a value that must be unique.
  private static void naming(UUID id, Attributes attributes, Runnable write) {
    try {
      write.run();
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "project_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "project_slug_unique" ->
            new Problem.AlreadyExists(RESOURCE, "slug " + attributes.slug()).raise();
        case "project_external_id_unique" ->
            new Problem.AlreadyExists(RESOURCE, "external_id " + attributes.externalId()).raise();
        default -> e;
      };
    }
  }
}
