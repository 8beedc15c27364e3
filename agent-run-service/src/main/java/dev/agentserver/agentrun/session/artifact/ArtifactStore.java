package dev.agentserver.agentrun.session.artifact;

import static dev.agentserver.agentrun.db.Tables.SESSION_ARTIFACT;
import static dev.agentserver.agentrun.db.Tables.SESSION_ARTIFACT_REVISION;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;

import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of artifacts and their revisions. Whoever writes holds the session's row.
final class ArtifactStore {
  /// The newest revisions that are kept of each.
  static final int KEPT = 100;

  private static final Field<String> NOTHING = inline("").as("content");
  private static final List<Field<?>> COLUMNS =
      List.of(
          SESSION_ARTIFACT.KEY,
          SESSION_ARTIFACT_REVISION.REVISION,
          SESSION_ARTIFACT_REVISION.FILE_ID,
          SESSION_ARTIFACT_REVISION.SHA256,
          SESSION_ARTIFACT_REVISION.SIZE_BYTES,
          SESSION_ARTIFACT.MEDIA_TYPE,
          SESSION_ARTIFACT.CREATED_AT,
          SESSION_ARTIFACT_REVISION.CREATED_AT);

  /// The newest revisions of these, without what they say.
  List<Artifact> newest(DSLContext db, UUID tenantId, UUID sessionId, Collection<String> keys) {
    return select(db, NOTHING, of(tenantId, sessionId).and(SESSION_ARTIFACT.KEY.in(keys)))
        .and(SESSION_ARTIFACT_REVISION.REVISION.eq(SESSION_ARTIFACT.REVISION))
        .orderBy(SESSION_ARTIFACT.KEY)
        .fetch(ArtifactStore::artifact);
  }

  int count(DSLContext db, UUID tenantId, UUID sessionId) {
    return db.fetchCount(SESSION_ARTIFACT, of(tenantId, sessionId));
  }

  /// @param revision 0: the newest
  Optional<Artifact> find(DSLContext db, UUID tenantId, UUID sessionId, String key, int revision) {
    return select(
            db,
            SESSION_ARTIFACT_REVISION.CONTENT,
            of(tenantId, sessionId).and(SESSION_ARTIFACT.KEY.eq(key)))
        .and(
            revision == 0
                ? SESSION_ARTIFACT_REVISION.REVISION.eq(SESSION_ARTIFACT.REVISION)
                : SESSION_ARTIFACT_REVISION.REVISION.eq(revision))
        .fetchOptional(ArtifactStore::artifact);
  }

  /// @param after the key that the page before ended with; empty: from the first
  List<Artifact> list(
      DSLContext db, UUID tenantId, UUID sessionId, String prefix, String after, int limit) {
    return select(db, NOTHING, of(tenantId, sessionId).and(SESSION_ARTIFACT.KEY.gt(after)))
        .and(prefix.isEmpty() ? noCondition() : SESSION_ARTIFACT.KEY.startsWith(prefix))
        .and(SESSION_ARTIFACT_REVISION.REVISION.eq(SESSION_ARTIFACT.REVISION))
        .orderBy(SESSION_ARTIFACT.KEY)
        .limit(limit)
        .fetch(ArtifactStore::artifact);
  }

  /// @param before the revision that the page before ended with; null: from the newest
  List<Artifact> revisions(
      DSLContext db,
      UUID tenantId,
      UUID sessionId,
      String key,
      @Nullable Integer before,
      int limit) {
    return select(db, NOTHING, of(tenantId, sessionId).and(SESSION_ARTIFACT.KEY.eq(key)))
        .and(before == null ? noCondition() : SESSION_ARTIFACT_REVISION.REVISION.lt(before))
        .orderBy(SESSION_ARTIFACT_REVISION.REVISION.desc())
        .limit(limit)
        .fetch(ArtifactStore::artifact);
  }

  private static org.jooq.SelectConditionStep<Record> select(
      DSLContext db, Field<String> content, Condition which) {
    return db.select(COLUMNS)
        .select(content)
        .from(SESSION_ARTIFACT)
        .join(SESSION_ARTIFACT_REVISION)
        .on(SESSION_ARTIFACT_REVISION.TENANT_ID.eq(SESSION_ARTIFACT.TENANT_ID))
        .and(SESSION_ARTIFACT_REVISION.SESSION_ID.eq(SESSION_ARTIFACT.SESSION_ID))
        .and(SESSION_ARTIFACT_REVISION.KEY.eq(SESSION_ARTIFACT.KEY))
        .where(which);
  }

  /// Adds a revision to each, and drops those that are not kept any more.
  ///
  /// @param numbers the revision that each key gets
  /// @return the files that are no revision of the session any more
  Set<UUID> put(
      DSLContext db,
      UUID tenantId,
      UUID sessionId,
      List<Draft> drafts,
      Map<String, Integer> numbers) {
    var now = db.select(clock()).fetchSingle().value1();
    var artifact = SESSION_ARTIFACT;
    var artifacts =
        db.insertInto(
            artifact,
            artifact.TENANT_ID,
            artifact.SESSION_ID,
            artifact.KEY,
            artifact.REVISION,
            artifact.MEDIA_TYPE,
            artifact.CREATED_AT,
            artifact.UPDATED_AT);
    var revision = SESSION_ARTIFACT_REVISION;
    var revisions =
        db.insertInto(
            revision,
            revision.TENANT_ID,
            revision.SESSION_ID,
            revision.KEY,
            revision.REVISION,
            revision.SHA256,
            revision.SIZE_BYTES,
            revision.CONTENT,
            revision.FILE_ID,
            revision.CREATED_AT);
    for (var draft : drafts) {
      var key = draft.key().text();
      var number = numbers.get(key);
      artifacts.values(tenantId, sessionId, key, number, draft.mediaType(), now, now);
      revisions.values(
          tenantId,
          sessionId,
          key,
          number,
          draft.sha256(),
          draft.sizeBytes(),
          draft.content(),
          draft.fileId(),
          now);
    }
    artifacts
        .onConflict(artifact.TENANT_ID, artifact.SESSION_ID, artifact.KEY)
        .doUpdate()
        .set(artifact.REVISION, excluded(artifact.REVISION))
        .set(artifact.MEDIA_TYPE, excluded(artifact.MEDIA_TYPE))
        .set(artifact.UPDATED_AT, excluded(artifact.UPDATED_AT))
        .execute();
    revisions.execute();
    var dropped =
        db.deleteFrom(revision)
            .using(artifact)
            .where(of(tenantId, sessionId))
            .and(artifact.KEY.in(numbers.keySet()))
            .and(revision.TENANT_ID.eq(artifact.TENANT_ID))
            .and(revision.SESSION_ID.eq(artifact.SESSION_ID))
            .and(revision.KEY.eq(artifact.KEY))
            .and(revision.REVISION.le(artifact.REVISION.minus(KEPT)))
            .returningResult(revision.FILE_ID)
            .fetchSet(revision.FILE_ID);
    dropped.remove(null);
    if (!dropped.isEmpty()) {
      dropped.removeAll(
          db.select(revision.FILE_ID)
              .from(revision)
              .where(revision.TENANT_ID.eq(tenantId))
              .and(revision.SESSION_ID.eq(sessionId))
              .and(revision.FILE_ID.in(dropped))
              .fetch(revision.FILE_ID));
    }
    return dropped;
  }

  private static Condition of(UUID tenantId, UUID sessionId) {
    return SESSION_ARTIFACT.TENANT_ID.eq(tenantId).and(SESSION_ARTIFACT.SESSION_ID.eq(sessionId));
  }

  private static Artifact artifact(Record found) {
    return new Artifact(
        found.get(SESSION_ARTIFACT.KEY),
        found.get(SESSION_ARTIFACT_REVISION.REVISION),
        Objects.requireNonNullElse(found.get("content", String.class), ""),
        found.get(SESSION_ARTIFACT_REVISION.FILE_ID),
        found.get(SESSION_ARTIFACT_REVISION.SHA256),
        found.get(SESSION_ARTIFACT_REVISION.SIZE_BYTES),
        found.get(SESSION_ARTIFACT.MEDIA_TYPE),
        found.get(SESSION_ARTIFACT.CREATED_AT).toInstant(),
        found.get(SESSION_ARTIFACT_REVISION.CREATED_AT).toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
