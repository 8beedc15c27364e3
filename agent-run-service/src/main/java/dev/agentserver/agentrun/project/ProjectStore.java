package dev.agentserver.agentrun.project;

import static dev.agentserver.agentrun.db.Tables.PROJECT;
import static dev.agentserver.agentrun.db.Tables.PROJECT_ONBOARDING_STEP;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.project.Project.Attributes;
import dev.agentserver.agentrun.project.Project.State;
import dev.agentserver.agentrun.project.Project.Step;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of projects and of their onboarding. Access is part of every query.
final class ProjectStore {
  /// The sort key of a row: what a page token holds.
  record Position(Instant updatedAt, UUID projectId) {}

  private static final Field<List<Step>> STEPS =
      multiset(
              select(
                      PROJECT_ONBOARDING_STEP.NUMBER,
                      PROJECT_ONBOARDING_STEP.NAME,
                      PROJECT_ONBOARDING_STEP.COMPLETED_AT)
                  .from(PROJECT_ONBOARDING_STEP)
                  .where(PROJECT_ONBOARDING_STEP.TENANT_ID.eq(PROJECT.TENANT_ID))
                  .and(PROJECT_ONBOARDING_STEP.PROJECT_ID.eq(PROJECT.PROJECT_ID))
                  .orderBy(PROJECT_ONBOARDING_STEP.NUMBER))
          .convertFrom(
              found ->
                  found.map(
                      step -> new Step(step.value1(), step.value2(), instant(step.value3()))));

  private static final List<Field<?>> COLUMNS =
      List.of(
          PROJECT.PROJECT_ID,
          PROJECT.OWNER_ID,
          PROJECT.NAME,
          PROJECT.SLUG,
          PROJECT.PATH,
          PROJECT.REPO_URL,
          PROJECT.STATE,
          PROJECT.EXTERNAL_ID,
          PROJECT.METADATA,
          PROJECT.VERSION,
          PROJECT.CREATED_AT,
          PROJECT.UPDATED_AT,
          STEPS);

  void insert(DSLContext db, Caller caller, UUID id, Attributes attributes) {
    var now = db.select(clock()).fetchSingle().value1();
    db.insertInto(PROJECT)
        .set(PROJECT.TENANT_ID, caller.tenantId())
        .set(PROJECT.PROJECT_ID, id)
        .set(PROJECT.OWNER_ID, caller.principalId())
        .set(PROJECT.NAME, attributes.name())
        .set(PROJECT.SLUG, attributes.slug())
        .set(PROJECT.PATH, attributes.path())
        .set(PROJECT.REPO_URL, attributes.repoUrl())
        .set(PROJECT.STATE, State.PENDING.name())
        .set(PROJECT.EXTERNAL_ID, attributes.externalId())
        .set(PROJECT.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(PROJECT.VERSION, 1L)
        .set(PROJECT.CREATED_AT, now)
        .set(PROJECT.UPDATED_AT, now)
        .execute();
  }

  boolean hasSlug(DSLContext db, Caller caller, String slug) {
    return db.fetchExists(
        selectOne()
            .from(PROJECT)
            .where(PROJECT.TENANT_ID.eq(caller.tenantId()))
            .and(PROJECT.OWNER_ID.eq(caller.principalId()))
            .and(PROJECT.SLUG.eq(slug)));
  }

  Optional<Project> find(DSLContext db, Caller caller, UUID id) {
    return db.select(COLUMNS)
        .from(PROJECT)
        .where(PROJECT.PROJECT_ID.eq(id))
        .and(visible(caller, "project:read"))
        .fetchOptional(ProjectStore::project);
  }

  /// The same, for who may do that with it, with the row locked until the transaction ends.
  Optional<Project> lock(DSLContext db, Caller caller, String permission, UUID id) {
    return db.select(COLUMNS)
        .from(PROJECT)
        .where(PROJECT.PROJECT_ID.eq(id))
        .and(visible(caller, permission))
        .forNoKeyUpdate()
        .of(PROJECT)
        .fetchOptional(ProjectStore::project);
  }

  List<Project> list(
      DSLContext db, Caller caller, ProjectFilter filter, @Nullable Position after, int limit) {
    return db.select(COLUMNS)
        .from(PROJECT)
        .where(PROJECT.TENANT_ID.eq(caller.tenantId()))
        .and(PROJECT.OWNER_ID.eq(caller.principalId()))
        .and(matching(filter))
        .and(after == null ? noCondition() : beyond(after))
        .orderBy(PROJECT.UPDATED_AT.desc(), PROJECT.PROJECT_ID.desc())
        .limit(limit)
        .fetch(ProjectStore::project);
  }

  void update(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    db.update(PROJECT)
        .set(PROJECT.NAME, attributes.name())
        .set(PROJECT.SLUG, attributes.slug())
        .set(PROJECT.PATH, attributes.path())
        .set(PROJECT.REPO_URL, attributes.repoUrl())
        .set(PROJECT.EXTERNAL_ID, attributes.externalId())
        .set(PROJECT.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(PROJECT.VERSION, PROJECT.VERSION.plus(1))
        .set(PROJECT.UPDATED_AT, clock())
        .where(key(tenantId, id))
        .execute();
  }

  void setState(DSLContext db, UUID tenantId, UUID id, State state) {
    db.update(PROJECT)
        .set(PROJECT.STATE, state.name())
        .set(PROJECT.VERSION, PROJECT.VERSION.plus(1))
        .set(PROJECT.UPDATED_AT, clock())
        .where(key(tenantId, id))
        .execute();
  }

  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(PROJECT).where(key(tenantId, id)).execute();
  }

  void insertSteps(DSLContext db, UUID tenantId, UUID id, List<String> names) {
    var step = PROJECT_ONBOARDING_STEP;
    var insert = db.insertInto(step, step.TENANT_ID, step.PROJECT_ID, step.NUMBER, step.NAME);
    for (var i = 0; i < names.size(); i++) {
      insert.values(tenantId, id, i + 1, names.get(i));
    }
    insert.execute();
  }

  void completeStep(DSLContext db, UUID tenantId, UUID id, int number) {
    db.update(PROJECT_ONBOARDING_STEP)
        .set(PROJECT_ONBOARDING_STEP.COMPLETED_AT, clock())
        .where(PROJECT_ONBOARDING_STEP.TENANT_ID.eq(tenantId))
        .and(PROJECT_ONBOARDING_STEP.PROJECT_ID.eq(id))
        .and(PROJECT_ONBOARDING_STEP.NUMBER.eq(number))
        .execute();
  }

  private static Condition visible(Caller caller, String permission) {
    return PROJECT
        .TENANT_ID
        .eq(caller.tenantId())
        .and(caller.mayAny(permission) ? noCondition() : PROJECT.OWNER_ID.eq(caller.principalId()));
  }

  private static Condition key(UUID tenantId, UUID id) {
    return PROJECT.TENANT_ID.eq(tenantId).and(PROJECT.PROJECT_ID.eq(id));
  }

  private static Condition matching(ProjectFilter filter) {
    var condition = noCondition();
    if (!filter.states().isEmpty()) {
      condition = PROJECT.STATE.in(filter.states().stream().map(State::name).toList());
    }
    if (filter.slug() != null) {
      condition = condition.and(PROJECT.SLUG.eq(filter.slug()));
    }
    if (filter.externalId() != null) {
      condition = condition.and(PROJECT.EXTERNAL_ID.eq(filter.externalId()));
    }
    for (var pair : filter.metadata().entrySet()) {
      condition =
          condition.and(
              jsonbGetAttributeAsText(PROJECT.METADATA, pair.getKey()).eq(pair.getValue()));
    }
    return condition;
  }

  private static Condition beyond(Position after) {
    return row(PROJECT.UPDATED_AT, PROJECT.PROJECT_ID)
        .lt(row(val(after.updatedAt().atOffset(ZoneOffset.UTC)), val(after.projectId())));
  }

  private static Project project(Record found) {
    return new Project(
        found.get(PROJECT.PROJECT_ID),
        found.get(PROJECT.OWNER_ID),
        new Attributes(
            found.get(PROJECT.NAME),
            found.get(PROJECT.SLUG),
            found.get(PROJECT.PATH),
            found.get(PROJECT.REPO_URL),
            found.get(PROJECT.EXTERNAL_ID),
            MetadataJson.read(found.get(PROJECT.METADATA).data())),
        State.valueOf(found.get(PROJECT.STATE)),
        found.get(STEPS),
        found.get(PROJECT.VERSION),
        found.get(PROJECT.CREATED_AT).toInstant(),
        found.get(PROJECT.UPDATED_AT).toInstant());
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
