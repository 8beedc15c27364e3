package dev.agentserver.agentrun.ledger.query;

import static dev.agentserver.agentrun.db.Tables.PROJECT;
import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;
import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static dev.agentserver.agentrun.db.Tables.USAGE_MONTH_USER;
import static dev.agentserver.agentrun.db.Tables.USAGE_TOTAL;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import dev.agentserver.agentrun.ledger.Sum;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// What single things have cost, and whose they are.
final class CostStore {
  /// Whose a message's usage is.
  record Author(@Nullable UUID userId, @Nullable UUID conversationId) {}

  Optional<UUID> ownerOfRun(DSLContext db, UUID tenantId, UUID id) {
    return db.select(RUN.USER_ID)
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.RUN_ID.eq(id))
        .fetchOptional(RUN.USER_ID);
  }

  Optional<UUID> ownerOfSession(DSLContext db, UUID tenantId, UUID id) {
    return db.select(SESSION.OWNER_ID)
        .from(SESSION)
        .where(SESSION.TENANT_ID.eq(tenantId))
        .and(SESSION.SESSION_ID.eq(id))
        .fetchOptional(SESSION.OWNER_ID);
  }

  Optional<UUID> ownerOfProject(DSLContext db, UUID tenantId, UUID id) {
    return db.select(PROJECT.OWNER_ID)
        .from(PROJECT)
        .where(PROJECT.TENANT_ID.eq(tenantId))
        .and(PROJECT.PROJECT_ID.eq(id))
        .fetchOptional(PROJECT.OWNER_ID);
  }

  /// Empty where nothing was used for the message.
  Optional<Author> author(DSLContext db, UUID tenantId, UUID messageId) {
    return db.select(USAGE_EVENT.USER_ID, USAGE_EVENT.CONVERSATION_ID)
        .from(USAGE_EVENT)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.MESSAGE_ID.eq(messageId))
        .orderBy(USAGE_EVENT.EVENT_ID)
        .limit(1)
        .fetchOptional(row -> new Author(row.value1(), row.value2()));
  }

  /// The total of a run, session, conversation or project.
  Sum total(DSLContext db, UUID tenantId, String subject, UUID id) {
    return db.select(totals())
        .from(USAGE_TOTAL)
        .where(USAGE_TOTAL.TENANT_ID.eq(tenantId))
        .and(USAGE_TOTAL.SUBJECT.eq(subject))
        .and(USAGE_TOTAL.SUBJECT_ID.eq(id))
        .fetchSingle(Measures::sum);
  }

  /// The total of a run and of those that it began, and so on.
  Sum inclusive(DSLContext db, UUID tenantId, UUID runId) {
    var id = field(name("tree", "run_id"), SQLDataType.UUID);
    var tree =
        name("tree")
            .fields("run_id")
            .as(
                select(inline(runId))
                    .union(
                        select(RUN.RUN_ID)
                            .from(table(name("tree")))
                            .join(RUN)
                            .on(RUN.PARENT_RUN_ID.eq(id))
                            .and(RUN.TENANT_ID.eq(tenantId))));
    return db.withRecursive(tree)
        .select(totals())
        .from(USAGE_TOTAL)
        .where(USAGE_TOTAL.TENANT_ID.eq(tenantId))
        .and(USAGE_TOTAL.SUBJECT.eq("RUN"))
        .and(USAGE_TOTAL.SUBJECT_ID.in(select(id).from(table(name("tree")))))
        .fetchSingle(Measures::sum);
  }

  /// What a user has used since ever.
  Sum ofUser(DSLContext db, UUID tenantId, UUID userId) {
    return db.select(
            Measures.of(
                USAGE_MONTH_USER.EVENTS,
                USAGE_MONTH_USER.UNPRICED_EVENTS,
                USAGE_MONTH_USER.INPUT_TOKENS,
                USAGE_MONTH_USER.OUTPUT_TOKENS,
                USAGE_MONTH_USER.COST))
        .from(USAGE_MONTH_USER)
        .where(USAGE_MONTH_USER.TENANT_ID.eq(tenantId))
        .and(USAGE_MONTH_USER.USER_ID.eq(userId))
        .fetchSingle(Measures::sum);
  }

  /// What was used for a message.
  Sum ofMessage(DSLContext db, UUID tenantId, UUID messageId) {
    return db.select(Measures.OF_LEDGER)
        .from(USAGE_FACT)
        .where(USAGE_FACT.TENANT_ID.eq(tenantId))
        .and(USAGE_FACT.MESSAGE_ID.eq(messageId))
        .fetchSingle(Measures::sum);
  }

  /// What was used for a step of a run.
  Sum ofStep(DSLContext db, UUID tenantId, UUID runId, String stepKey) {
    return db.select(Measures.OF_LEDGER)
        .from(USAGE_FACT)
        .where(USAGE_FACT.TENANT_ID.eq(tenantId))
        .and(USAGE_FACT.RUN_ID.eq(runId))
        .and(
            USAGE_FACT.EVENT_ID.in(
                select(USAGE_EVENT.EVENT_ID)
                    .from(USAGE_EVENT)
                    .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
                    .and(USAGE_EVENT.RUN_ID.eq(runId))
                    .and(USAGE_EVENT.STEP_KEY.eq(stepKey))))
        .fetchSingle(Measures::sum);
  }

  private static List<Field<?>> totals() {
    return Measures.of(
        USAGE_TOTAL.EVENTS,
        USAGE_TOTAL.UNPRICED_EVENTS,
        USAGE_TOTAL.INPUT_TOKENS,
        USAGE_TOTAL.OUTPUT_TOKENS,
        USAGE_TOTAL.COST);
  }
}
