package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_INPUT;

import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;

/// What was sent to runs. The run is locked by whoever writes.
final class InputStore {
  private final RunClock clock;

  InputStore(RunClock clock) {
    this.clock = clock;
  }

  Input insert(DSLContext db, Run run, UUID userId, String content) {
    var seq = run.progress().inputSeq() + 1;
    db.update(RUN)
        .set(RUN.INPUT_SEQ, seq)
        .where(RUN.TENANT_ID.eq(run.tenantId()))
        .and(RUN.RUN_ID.eq(run.id()))
        .execute();
    return db.insertInto(RUN_INPUT)
        .set(RUN_INPUT.TENANT_ID, run.tenantId())
        .set(RUN_INPUT.RUN_ID, run.id())
        .set(RUN_INPUT.SEQ, seq)
        .set(RUN_INPUT.USER_ID, userId)
        .set(RUN_INPUT.CONTENT, JSONB.valueOf(content))
        .set(RUN_INPUT.CREATED_AT, clock.now())
        .returning()
        .fetchSingle(InputStore::input);
  }

  List<Input> after(DSLContext db, Run run, long seq, int limit) {
    return db.selectFrom(RUN_INPUT)
        .where(RUN_INPUT.TENANT_ID.eq(run.tenantId()))
        .and(RUN_INPUT.RUN_ID.eq(run.id()))
        .and(RUN_INPUT.SEQ.gt(seq))
        .orderBy(RUN_INPUT.SEQ)
        .limit(limit)
        .fetch(InputStore::input);
  }

  private static Input input(Record row) {
    return new Input(
        row.get(RUN_INPUT.SEQ),
        row.get(RUN_INPUT.USER_ID),
        row.get(RUN_INPUT.CONTENT).data(),
        row.get(RUN_INPUT.CREATED_AT).toInstant());
  }
}
