package dev.agentserver.kit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.audit.AuditFault.Kind;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.outbox.OutboxSequencer;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever has all rights on the database writes around the rules; the check finds it.
class AuditVerifyTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final Caller ALICE = TestIdentity.user(TENANT, "ADMIN");
  private static final int COUNT = 25;

  private TestDatabase db;
  private AuditTrail audit;

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
    audit = new AuditTrail(db.database(), Ids.uuidV7(Clock.systemUTC()), Clock.systemUTC());
    IntStream.range(0, COUNT).forEach(n -> record(n % 2 == 0 ? ALICE : stranger(), "r" + n));
    number();
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void aTrailThatNobodyTouchedIsSound() {
    assertThat(first(10)).isNull();
    record(ALICE, "not yet numbered");
    assertThat(first(10)).isNull();
  }

  @Test
  void itIsCheckedInBoundedPages() {
    assertThat(audit.verify(0, 10).through()).isEqualTo(10);
    assertThat(audit.verify(10, 10).through()).isEqualTo(20);
    assertThat(audit.verify(20, 10).through()).isEqualTo(COUNT);
    assertThat(audit.verify(COUNT, 10).through()).isEqualTo(COUNT);
    tamper("update audit_entry set reason = 'x' where position = 15");
    assertThat(audit.verify(0, 10).fault()).isNull();
    assertThat(audit.verify(10, 10).fault()).isNotNull();
    assertThat(audit.verify(15, 10).fault()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actor_id = gen_random_uuid()",
        "credential_id = 'another'",
        "action = 'kit.Test/Read'",
        "resource = 'another'",
        "resource_id = 'another'",
        "outcome = 'REFUSED'",
        "reason = 'another'",
        "salt = decode(repeat('00', 16), 'hex')",
        "changes = '{}'",
        "request_id = 'another'",
        "created_at = created_at + interval '1 microsecond'",
        "tenant_id = gen_random_uuid()",
        "id = gen_random_uuid()",
        "row_hash = sha256('another')"
      })
  void aChangedColumnIsFound(String change) {
    tamper("update audit_entry set " + change + " where position = 7");
    var fault = first(10);
    assertThat(fault).isNotNull();
    assertThat(fault.kind()).isEqualTo(Kind.ALTERED);
    assertThat(fault.position()).isEqualTo(7);
    assertThat(fault.entryId().toString())
        .isEqualTo(db.rows("select id from audit_entry where position = 7").getFirst());
  }

  @Test
  void theFirstOfManyIsNamed() {
    tamper("update audit_entry set reason = 'x' where position in (19, 8, 13)");
    assertThat(first(10).position()).isEqualTo(8);
  }

  @Test
  void aRemovedEntryIsFound() {
    tamper("delete from audit_entry where position = 12");
    assertThat(first(10)).isEqualTo(new AuditFault(Kind.MISSING, 12, null, null));
  }

  @Test
  void theLastEntriesAreMissedToo() {
    tamper("delete from audit_entry where position > 20");
    assertThat(first(10)).isEqualTo(new AuditFault(Kind.MISSING, 21, null, null));
  }

  @Test
  void entriesThatChangedPlacesLeaveNoFault() {
    // The position is not part of what is hashed: it comes later. docs/operations.md says so.
    tamper(
        "update audit_entry set position = 1000 where position = 3;"
            + "update audit_entry set position = 3 where position = 5;"
            + "update audit_entry set position = 5 where position = 1000");
    assertThat(first(10)).isNull();
  }

  @Test
  void anEntryPutInBetweenIsFound() {
    forge(9L);
    var fault = first(10);
    assertThat(fault.kind()).isEqualTo(Kind.ADDED);
    assertThat(fault.position()).isEqualTo(9);
  }

  @Test
  void anEntryPutAtTheEndIsFound() {
    forge(COUNT + 1L);
    var fault = first(10);
    assertThat(fault.kind()).isEqualTo(Kind.ADDED);
    assertThat(fault.position()).isEqualTo(COUNT + 1);
  }

  @Test
  void anEntryThatWasChangedBeforeItHadAPositionIsFound() {
    record(ALICE, "fresh");
    tamper("update audit_entry set reason = 'x' where position is null");
    var fault = first(10);
    assertThat(fault.kind()).isEqualTo(Kind.ALTERED);
    assertThat(fault.position()).isZero();
  }

  /// A row of another tenant with all its own, at a position that is taken or was not given.
  private void forge(long position) {
    tamper(
        """
        insert into audit_entry select gen_random_uuid(), id, %d, actor_id, credential_id, action, resource, resource_id, outcome,
          reason, salt, changes, request_id, created_at, row_hash from audit_entry where position = 4;
        update audit_entry set row_hash = sha256(convert_to(json_build_array(tenant_id, id, actor_id, credential_id, action, resource,
          resource_id, outcome, reason, encode(salt, 'hex'), changes, request_id,
          to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8')) where position = %d"""
            .formatted(position, position));
  }

  private void tamper(String statement) {
    db.sql("alter table audit_entry disable trigger all; " + statement);
    db.sql("alter table audit_entry enable trigger all");
  }

  private @Nullable AuditFault first(int page) {
    var through = 0L;
    while (true) {
      var checked = audit.verify(through, page);
      if (checked.fault() != null || checked.through() - through < page) {
        return checked.fault();
      }
      through = checked.through();
    }
  }

  private void number() {
    var outbox = new Outbox(db.database(), Ids.uuidV7(Clock.systemUTC()));
    try (var _ = OutboxSequencer.start(outbox)) {
      Await.until(
          "all are numbered",
          () -> db.rows("select 1 from audit_entry where position is null").isEmpty());
    }
  }

  private static Caller stranger() {
    return TestIdentity.user(UUID.randomUUID(), "ADMIN");
  }

  private void record(Caller caller, String id) {
    db.database()
        .write(
            context -> {
              audit.record(
                  context,
                  caller,
                  new AuditRecord("kit.Test/Delete", "thing", id, Map.of("name", "n" + id)));
              return true;
            });
  }
}
