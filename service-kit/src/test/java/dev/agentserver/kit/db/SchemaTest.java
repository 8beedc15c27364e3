package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.test.MigrationRules;
import dev.agentserver.kit.test.SchemaRules;
import dev.agentserver.kit.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SchemaTest {
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void theKitsTablesKeepTheRules() {
    SchemaRules.check(db);
  }

  @Test
  void aTableThatBreaksTheRulesIsNoticed() {
    db.sql("create table loose (id uuid primary key, name varchar(10))");
    assertThatThrownBy(() -> SchemaRules.check(db))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("loose_pkey does not lead with tenant_id");
    assertThatThrownBy(() -> SchemaRules.check(db, "loose"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("loose.loose_pkey is not named");
    db.sql("alter table loose rename constraint loose_pkey to loose_pk");
    assertThatThrownBy(() -> SchemaRules.check(db, "loose"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("loose has no comment")
        .hasMessageContaining("loose.name is character varying(10)");
  }

  @Test
  void theCommittedCatalogueIsWhatTheMigrationsMake() throws IOException {
    MigrationRules.checkCatalogue(db, Path.of("src/test/resources"));
  }

  @Test
  void upDownUpMakesTheSameCatalogue() {
    MigrationRules.checkUpDownUp("kit");
  }

  @Test
  void theNewestIsTakenBackFirstAndTheServicesBeforeTheKits() {
    assertThat(Migrations.version(db.database())).isEqualTo("001");
    assertThat(Migrations.undo(db.config(), 2))
        .containsExactly("U001__item.sql", "U007__audit_by_position.sql");
    assertThat(Migrations.version(db.database())).isEmpty();
    assertThat(Migrations.undo(db.config(), 1)).containsExactly("U006__erasures.sql");
  }

  @Test
  void anUndoThatFailsLeavesEverythingAsItWas() {
    db.sql("create view depends as select name from item");
    var before = new SchemaDrift(db.database(), "kit").live();
    assertThatThrownBy(() -> Migrations.undo(db.config(), 1))
        .hasMessageContaining("U001__item.sql");
    assertThat(new SchemaDrift(db.database(), "kit").live()).isEqualTo(before);
    assertThat(Migrations.version(db.database())).isEqualTo("001");
  }

  @Test
  void twoProcessesThatStartTogetherMigrateOnce() throws Exception {
    var config = TestDatabase.unmigrated("kit");
    var ready = new CyclicBarrier(2);
    Callable<Void> start =
        () -> {
          ready.await();
          Migrations.migrate(config);
          return null;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(start);
      var other = threads.submit(start);
      one.get();
      other.get();
    }
    try (var database = Database.open(config)) {
      assertThat(new SchemaDrift(database, "kit").differences()).isEmpty();
    }
  }

  @Test
  @Timeout(60)
  void anIndexOnATableInUseIsMadeConcurrently() {
    var config = TestDatabase.unmigrated("online");
    Migrations.migrate(config);
    try (var database = Database.open(config)) {
      assertThat(new SchemaDrift(database, "online").live())
          .contains("index thing.thing_name_idx USING btree (tenant_id, name)");
    }
    MigrationRules.checkUpDownUp("online");
  }

  @Test
  void aMigrationThatWasChangedAfterwardsStopsTheStart() {
    db.sql("update schema_history set checksum = 1 where version = '001'");
    assertThatThrownBy(() -> Migrations.migrate(db.config())).hasMessageContaining("checksum");
  }

  @Test
  void driftIsNoticed() {
    var drift = new SchemaDrift(db.database(), "kit");
    assertThat(drift.differences()).isEmpty();
    db.sql(
        """
        alter table item add column extra int;
        alter table item drop constraint item_name_check;
        grant update on audit_entry to kit_runtime""");
    assertThat(drift.differences())
        .containsExactlyInAnyOrder(
            "+column item.extra integer",
            "-constraint item.item_name_check CHECK ((name <> ''::text))",
            "-right audit_entry INSERT,SELECT",
            "+right audit_entry INSERT,SELECT,UPDATE");
  }

  @Test
  void provisioningAgainChangesNothing() {
    var drift = new SchemaDrift(db.database(), "kit");
    db.sql("select 1");
    DatabaseRoles.provision(db.config().url(), "postgres", "postgres", db.config());
    Migrations.migrate(db.config());
    assertThat(drift.differences()).isEmpty();
  }
}
