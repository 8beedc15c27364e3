package dev.agentserver.agentrun.ledger.record;

import static dev.agentserver.agentrun.db.Tables.USAGE_CORRECTION;
import static dev.agentserver.agentrun.db.Tables.USAGE_CORRECTION_QUANTITY;
import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;

import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.ledger.record.Correction.What;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jooq.DSLContext;

/// What corrections have replaced. The event is locked by whoever writes.
final class CorrectionStore {
  /// Notes what had been recorded, and has the event hold what is right of the provider's words.
  void insert(DSLContext db, UsageEvent before, UUID actorId, Correction correction, Instant at) {
    var tenant = before.who().tenantId();
    var number =
        db.select(coalesce(max(USAGE_CORRECTION.NUMBER), inline(0)).plus(1))
            .from(USAGE_CORRECTION)
            .where(USAGE_CORRECTION.TENANT_ID.eq(tenant))
            .and(USAGE_CORRECTION.EVENT_ID.eq(before.id()))
            .fetchSingle()
            .value1();
    var event = USAGE_EVENT.TENANT_ID.eq(tenant).and(USAGE_EVENT.EVENT_ID.eq(before.id()));
    db.insertInto(USAGE_CORRECTION)
        .set(USAGE_CORRECTION.TENANT_ID, tenant)
        .set(USAGE_CORRECTION.EVENT_ID, before.id())
        .set(USAGE_CORRECTION.NUMBER, number)
        .set(USAGE_CORRECTION.ACTOR_ID, actorId)
        .set(USAGE_CORRECTION.REASON, correction.reason())
        .set(
            USAGE_CORRECTION.RAW,
            db.select(USAGE_EVENT.RAW).from(USAGE_EVENT).where(event).fetchSingle().value1())
        .set(USAGE_CORRECTION.USAGE_STATE, before.state().name())
        .set(USAGE_CORRECTION.REPORTED_COST, before.cost().reported())
        .set(USAGE_CORRECTION.LINE_COUNT, before.lines().size())
        .set(USAGE_CORRECTION.CREATED_AT, at.atOffset(ZoneOffset.UTC))
        .execute();
    quantities(db, before, number);
    db.update(USAGE_EVENT)
        .set(USAGE_EVENT.RAW, correction.what() instanceof What.Raw(var raw) ? raw : null)
        .where(event)
        .execute();
  }

  private static void quantities(DSLContext db, UsageEvent before, int number) {
    var table = USAGE_CORRECTION_QUANTITY;
    var rows =
        db.insertInto(
            table,
            table.TENANT_ID,
            table.EVENT_ID,
            table.NUMBER,
            table.READING,
            table.MODEL,
            table.UNIT,
            table.QUANTITY);
    var reading = 0;
    var count = 0;
    for (var each : before.readings()) {
      reading++;
      for (var used : each.quantities().entrySet()) {
        rows.values(
            before.who().tenantId(),
            before.id(),
            number,
            reading,
            each.model(),
            used.getKey().key(),
            used.getValue());
        count++;
      }
    }
    if (count > 0) {
      rows.execute();
    }
  }
}
