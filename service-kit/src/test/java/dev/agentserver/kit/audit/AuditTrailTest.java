package dev.agentserver.kit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.audit.AuditEntry.Outcome;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.outbox.OutboxSequencer;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final Caller ALICE = TestIdentity.user(TENANT, "ADMIN");
  private static final String DELETE = "kit.Test/Delete";

  private TestDatabase db;
  private AuditTrail audit;

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
    audit = new AuditTrail(db.database(), Ids.uuidV7(Clock.systemUTC()), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void whatWasDoneIsWrittenWithTheDeed() {
    record("a", Map.of("purge", "true"));
    var entry = entries().getFirst();
    assertThat(entry.actorId()).isEqualTo(ALICE.principalId());
    assertThat(entry.credentialId()).isEqualTo(ALICE.credentialId());
    assertThat(entry.action()).isEqualTo(DELETE);
    assertThat(entry.resource()).isEqualTo("thing");
    assertThat(entry.resourceId()).isEqualTo("a");
    assertThat(entry.outcome()).isEqualTo(Outcome.DONE);
    assertThat(entry.changes()).contains("purge").doesNotContain("true");
  }

  @Test
  void whatWasNotDoneIsNotWritten() {
    assertThatThrownBy(
            () ->
                db.database()
                    .write(
                        context -> {
                          audit.record(context, ALICE, entry("a", Map.of()));
                          throw new IllegalStateException("no");
                        }))
        .hasMessage("no");
    assertThat(entries()).isEmpty();
  }

  @Test
  void whoKnowsAValueCanProveItAndTwoEntriesDoNotShowThatTheirValuesAreEqual() {
    record("a", Map.of("name", "apple"));
    record("b", Map.of("name", "apple"));
    var kept =
        db.rows("select encode(salt, 'hex') || ':' || (changes ->> 'name') from audit_entry");
    assertThat(kept).hasSize(2).doesNotHaveDuplicates();
    var proven =
        db.rows(
            "select changes ->> 'name' = encode(sha256(salt || convert_to('apple', 'UTF8')), 'hex') from audit_entry");
    assertThat(proven).containsExactly("t", "t");
  }

  @Test
  void theRowHashIsThatOfTheCanonicalBytes() {
    record("a \"quoted\" name", Map.of("name", "apple"));
    var recomputed =
        """
        select encode(sha256(convert_to(json_build_array(tenant_id, id, actor_id, credential_id, action, resource, resource_id,
          outcome, reason, encode(salt, 'hex'), changes, request_id,
          to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8')), 'hex') from audit_entry""";
    assertThat(db.rows(recomputed))
        .containsExactly(HexFormat.of().formatHex(entries().getFirst().rowHash()));
    db.sql("alter table audit_entry disable trigger all; update audit_entry set resource_id = 'b'");
    assertThat(db.rows(recomputed))
        .doesNotContain(HexFormat.of().formatHex(entries().getFirst().rowHash()));
  }

  @Test
  void theRuntimeRoleCanNeitherChangeNorRemoveNorNumberAnEntry() {
    record("a", Map.of());
    for (var statement :
        List.of(
            "update audit_entry set resource_id = 'b'",
            "update audit_entry set position = 7",
            "delete from audit_entry",
            "truncate audit_entry")) {
      assertThatThrownBy(() -> db.database().write(context -> context.execute(statement)))
          .isInstanceOfSatisfying(
              DataAccessException.class,
              refused -> assertThat(refused.sqlState()).isEqualTo("42501"));
    }
    assertThat(entries()).extracting(AuditEntry::resourceId).containsExactly("a");
  }

  @Test
  void entriesAreNumberedWithoutGapsBesideTheFacts() {
    var outbox = new Outbox(db.database(), Ids.uuidV7(Clock.systemUTC()));
    for (var id : List.of("a", "b", "c")) {
      record(id, Map.of());
    }
    assertThat(entries()).extracting(AuditEntry::position).containsOnly(0L);
    try (var _ = OutboxSequencer.start(outbox)) {
      Await.until(
          "all are numbered",
          () -> db.rows("select 1 from audit_entry where position is null").isEmpty());
    }
    assertThat(entries()).extracting(AuditEntry::position).containsExactly(3L, 2L, 1L);
    assertThat(entries()).extracting(AuditEntry::resourceId).containsExactly("c", "b", "a");
  }

  @Test
  void aRefusalOfAKnownCallerIsAnEntry() {
    audit.refused(ALICE, DELETE, "PERMISSION_DENIED", "192.0.2.1");
    var entry = entries().getFirst();
    assertThat(entry.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(entry.reason()).isEqualTo("PERMISSION_DENIED");
    assertThat(entry.action()).isEqualTo(DELETE);
  }

  @Test
  void aRefusalOfAServiceWithoutTenantIsAnEntryToo() {
    audit.refused(TestIdentity.service(), DELETE, "PERMISSION_DENIED", "192.0.2.1");
    assertThat(db.rows("select tenant_id from audit_entry"))
        .containsExactly("00000000-0000-0000-0000-000000000000");
  }

  @Test
  void refusalsOfStrangersAreCounted() {
    for (var i = 0; i < 3; i++) {
      audit.refused(null, DELETE, "UNAUTHENTICATED", "192.0.2.1");
    }
    audit.refused(null, DELETE, "UNAUTHENTICATED", "192.0.2.2");
    audit.flush();
    audit.refused(null, DELETE, "UNAUTHENTICATED", "192.0.2.1");
    audit.flush();
    audit.flush();
    assertThat(
            db.rows(
                "select address || ' ' || sum(count) from refusal_count group by address order by 1"))
        .containsExactly("192.0.2.1 4", "192.0.2.2 1");
    db.sql("update refusal_count set minute = minute - interval '31 days'");
    audit.sweep(Duration.ofDays(30));
    assertThat(db.rows("select 1 from refusal_count")).isEmpty();
  }

  @Test
  void aStrangerWithManyAddressesCostsBoundedMemory() {
    for (var i = 0; i < 10_500; i++) {
      audit.refused(null, DELETE, "UNAUTHENTICATED", "address-" + i);
    }
    audit.flush();
    assertThat(db.rows("select sum(count) from refusal_count")).containsExactly("10500");
    assertThat(db.rows("select count(*) <= 10002 from refusal_count")).containsExactly("t");
    assertThat(db.rows("select 1 from refusal_count where address = 'others'")).isNotEmpty();
  }

  @Test
  void whenTheTrailCannotBeWrittenARefusalIsStillARefusalAndCountsAreKept() {
    db.sql("revoke insert on audit_entry, refusal_count from kit_runtime");
    assertThatCode(() -> audit.refused(ALICE, DELETE, "PERMISSION_DENIED", "192.0.2.1"))
        .doesNotThrowAnyException();
    audit.refused(null, DELETE, "UNAUTHENTICATED", "192.0.2.1");
    assertThatThrownBy(audit::flush).isInstanceOf(DataAccessException.class);
    db.sql("grant insert on refusal_count to kit_runtime");
    audit.flush();
    assertThat(db.rows("select count from refusal_count")).containsExactly("1");
  }

  @Test
  void anotherTenantsEntriesAreNotShown() {
    record("a", Map.of());
    assertThat(audit.newest(UUID.randomUUID(), AuditFilter.none(), null, 10)).isEmpty();
  }

  private void record(String id, Map<String, String> changes) {
    db.database()
        .write(
            context -> {
              audit.record(context, ALICE, entry(id, changes));
              return true;
            });
  }

  private static AuditRecord entry(String id, Map<String, String> changes) {
    return new AuditRecord(DELETE, "thing", id, changes);
  }

  private List<AuditEntry> entries() {
    return audit.newest(TENANT, AuditFilter.none(), null, 100);
  }
}
