package dev.agentserver.agentrun.bi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.agentrun.Config;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.identity.Caller;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A reader of reports sees the views of its tenants and nothing else.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewsTest {
  private static final Secret PASSWORD = new Secret("bi");
  private static final UUID MINE = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();
  private static final String READER = "bi_of_" + MINE.toString().replace("-", "");

  private Harness service;
  private DatabaseConfig config;

  @BeforeAll
  void start() throws SQLException {
    service = Harness.start();
    service.loadPrices();
    config = service.config();
    for (var tenant : List.of(MINE, OTHER)) {
      fill(service.caller(tenant, "TENANT_OWNER"));
    }
    ReaderStore.provision(admin(), Config.SCHEMA, READER, PASSWORD, MINE);
  }

  @AfterAll
  void stop() {
    service.sql("drop owned by %s; drop role %s".formatted(READER, READER));
    service.close();
  }

  private AdminConfig admin() {
    return new AdminConfig(config.url(), "postgres", new Secret("postgres"));
  }

  private void fill(Caller owner) {
    var usage = UsageServiceGrpc.newBlockingStub(service.channel(owner));
    var record =
        UsageRecord.newBuilder()
            .setIdempotencyKey("k")
            .setProvider("openai")
            .setModel("gpt-4.1")
            .setRawUsage("{\"prompt_tokens\": 10, \"completion_tokens\": 5, \"total_tokens\": 15}");
    assertThat(
            usage.recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build()).getTotal())
        .isNotEmpty();
    var tenant = owner.tenantId();
    service.sql(
        """
        insert into agent_run.run (tenant_id, run_id, user_id, queue, self_execute, state, metadata, attempt, max_attempts, lease_epoch,
          deadline_at, pause_requested, input_seq, step_count, version, created_at, eligible_at, updated_at)
        values ('%1$s', gen_random_uuid(), gen_random_uuid(), 'q', false, 'QUEUED', '{}', 1, 3, 1, now(), false, 0, 0, 1, now(), now(), now());
        insert into agent_run.session (tenant_id, session_id, owner_id, slug, title, type, state, open_interrupts, run_count, input_tokens,
          output_tokens, cost, active_ms, metadata, version, activity, created_at, updated_at, last_activity_at, expires_at)
        values ('%1$s', gen_random_uuid(), gen_random_uuid(), 's', 'secret', 'CHAT', 'CREATED', 0, 0, 0, 0, 0, 0, '{}', 1, 1, now(), now(), now(), now());
        insert into agent_run.analytics_event (tenant_id, user_id, event_id, name, properties, occurred_at, recorded_at)
        values ('%1$s', gen_random_uuid(), gen_random_uuid(), 'opened', '{}', now(), now());
        insert into agent_run.budget (tenant_id, budget_id, name, scope, scope_id, period, limit_amount, hard, thresholds, version, created_at,
          updated_at) values ('%1$s', '%1$s', 'b', 'TENANT', '%1$s', 'TOTAL', 1, false, '{}', 1, now(), now());
        insert into agent_run.budget_period (tenant_id, budget_id, starts_at, settled, held) values ('%1$s', '%1$s', now(), 0, 0)\
        """
            .formatted(tenant));
  }

  private Connection reader() throws SQLException {
    return DriverManager.getConnection(config.url(), READER, PASSWORD.value());
  }

  private List<String> read(String query) throws SQLException {
    try (var connection = reader();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var column = new ArrayList<String>();
      while (rows.next()) {
        column.add(rows.getString(1));
      }
      return column;
    }
  }

  private List<String> relations(String kinds, String like) {
    return service.column(
        """
        select relname from pg_class where relnamespace = 'agent_run'::regnamespace and relkind in (%s) and relname %s"""
            .formatted(kinds, like));
  }

  @Test
  void everyViewShowsTheRowsOfItsTenantAndOfNoOther() throws SQLException {
    var views = relations("'v'", "like 'bi\\_%'");
    assertThat(views).hasSize(10);
    for (var view : views) {
      assertThat(read("select distinct tenant_id from " + view))
          .as(view)
          .containsExactly(MINE.toString());
    }
    assertThat(read("select sum(cost) from bi_usage_line"))
        .isEqualTo(read("select sum(cost) from bi_usage_day_model"))
        .doesNotContain("0");
  }

  @Test
  void nothingElseCanBeReadAndNothingWritten() throws SQLException {
    try (var connection = reader();
        var statement = connection.createStatement()) {
      for (var table :
          relations("'r', 'p', 'v', 'S'", "not like 'bi\\_%' or relname = 'bi_reader'")) {
        assertThatThrownBy(() -> statement.execute("select 1 from agent_run." + table))
            .as(table)
            .hasMessageContaining("permission denied");
      }
      statement.execute("set default_transaction_read_only = off");
      for (var write :
          List.of(
              "insert into bi_reader values ('%s', current_user)".formatted(OTHER),
              "delete from bi_run",
              "update bi_session set state = 'FAILED'",
              "truncate run",
              "create table mine (id int)",
              "create temporary table mine (id int)",
              "create function f() returns int language sql as 'select 1'",
              "set role agent_run_runtime",
              "alter role current_user superuser",
              "copy bi_run to '/tmp/x'")) {
        assertThatThrownBy(() -> statement.execute(write))
            .as(write)
            .isInstanceOf(SQLException.class)
            .hasMessageMatching(
                "(?s).*(permission denied|cannot (insert|delete|update)|must be).*");
      }
    }
  }

  /// A condition that is evaluated before the view's own would tell of rows that are not shown.
  @Test
  void aConditionOfTheReadersSeesNoOthersRows() throws SQLException {
    assertThat(
            read(
                "select 1 from bi_usage_event where case when tenant_id = '%s' then 1 / (length(model) - length(model)) else 1 end = 1"
                    .formatted(OTHER)))
        .containsExactly("1");
  }

  @Test
  void theViewsHoldNoTextThatSomebodyWrote() {
    var columns =
        service.column(
            """
            select distinct attname from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace = 'agent_run'::regnamespace and relkind = 'v' and relname like 'bi\\_%' and attnum > 0
              and atttypid in ('text'::regtype, 'jsonb'::regtype, 'json'::regtype, 'bytea'::regtype)""");
    assertThat(columns)
        .containsExactlyInAnyOrder(
            "provider",
            "model",
            "tier",
            "region",
            "usage_state",
            "price_state",
            "unit",
            "direction",
            "kind",
            "type",
            "state",
            "error_reason",
            "error_code",
            "phase",
            "scope",
            "period",
            "name");
  }

  @Test
  void aRoleMaySeeMoreTenantsAndOneThatIsNoReaderIsLeftAlone() throws SQLException {
    var both = READER + "_2";
    for (var tenant : List.of(MINE, OTHER, OTHER)) {
      ReaderStore.provision(admin(), Config.SCHEMA, both, PASSWORD, tenant);
    }
    // Migrating again keeps the rights.
    Migrations.migrate(config);
    try (var connection = DriverManager.getConnection(config.url(), both, PASSWORD.value());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(distinct tenant_id) from bi_run")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(2);
    }
    service.sql("drop owned by %s; drop role %s".formatted(both, both));
    for (var name : List.of(config.runtimeUser(), config.ownerUser(), "postgres")) {
      assertThatThrownBy(() -> ReaderStore.provision(admin(), Config.SCHEMA, name, PASSWORD, MINE))
          .hasMessageContaining("is no reader");
    }
  }
}
