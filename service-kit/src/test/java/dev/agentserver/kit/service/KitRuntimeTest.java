package dev.agentserver.kit.service;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.agentserver.common.v1.AdminServiceGrpc;
import dev.agentserver.common.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.agentserver.common.v1.AuditEntry;
import dev.agentserver.common.v1.AuditFault;
import dev.agentserver.common.v1.GetDatabaseHealthRequest;
import dev.agentserver.common.v1.GetSchemaStatusRequest;
import dev.agentserver.common.v1.ListAuditEntriesRequest;
import dev.agentserver.common.v1.ListRefusalCountsRequest;
import dev.agentserver.common.v1.ListSlowQueriesRequest;
import dev.agentserver.common.v1.OutboxServiceGrpc;
import dev.agentserver.common.v1.PullRequest;
import dev.agentserver.common.v1.RefusalCount;
import dev.agentserver.common.v1.SlowQuery;
import dev.agentserver.common.v1.VerifyAuditTrailRequest;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// AdminService and OutboxService as a service serves them.
class KitRuntimeTest {
  private static final UUID TENANT = UUID.randomUUID();

  private static TestDatabase db;
  private static Metrics metrics;
  private static Health health;
  private static KitRuntime runtime;
  private static TestIdentity identity;
  private static TestServer server;

  @BeforeAll
  static void start() {
    db = TestDatabase.fresh("kit");
    metrics = new Metrics("kit");
    health = new Health();
    runtime = KitRuntime.open(db.config(), Clock.systemUTC(), metrics, health);
    identity = new TestIdentity();
    server =
        TestServer.start(ServerConfig.local("kit"), identity, runtime.audit(), runtime.services());
  }

  @AfterAll
  static void stop() {
    server.close();
    identity.close();
    runtime.close();
    health.close();
    metrics.close();
    db.close();
  }

  @Test
  void theDatabaseIsPartOfTheHealth() {
    assertThat(health.serving()).isTrue();
    assertThat(health.json()).contains("\"database\":\"UP\"");
  }

  @Test
  void anAdministratorSeesTheStateOfTheDatabase() {
    var state = admin(owner()).getDatabaseHealth(GetDatabaseHealthRequest.getDefaultInstance());
    assertThat(state.getPoolSize()).isEqualTo(8);
    assertThat(state.getPoolActive()).isPositive();
    assertThat(state.getLatency().getNanos()).isPositive();
    assertThat(state.getServerVersion()).startsWith("18");
    assertThat(state.hasReplicationLag()).isFalse();
    assertThat(state.getDeadTuples()).isNotNegative();
    assertThat(state.getLongTransactions()).isZero();
    assertThat(state.getOutboxUnsequenced()).isZero();
  }

  @Test
  void anAdministratorSeesWhetherTheSchemaIsTheExpectedOne() {
    var status = admin(owner()).getSchemaStatus(GetSchemaStatusRequest.getDefaultInstance());
    assertThat(status.getVersion()).isEqualTo("001");
    assertThat(status.getDifferencesList()).isEmpty();
    assertThat(status.getInSync()).isTrue();
    db.sql("create table stray (id int)");
    var drifted = admin(owner()).getSchemaStatus(GetSchemaStatusRequest.getDefaultInstance());
    db.sql("drop table stray");
    assertThat(drifted.getInSync()).isFalse();
    assertThat(drifted.getDifferencesList()).contains("+column stray.id integer");
  }

  @Test
  void theSlowestStatementIsFirstAndPagesFollow() {
    runtime.database().read(context -> context.fetch("select pg_sleep(0.3)"));
    runtime.database().read(context -> context.fetch("select 2"));
    var admin = admin(owner());
    var first = admin.listSlowQueries(ListSlowQueriesRequest.newBuilder().setPageSize(1).build());
    assertThat(first.getQueries(0).getStatement()).contains("pg_sleep");
    assertThat(first.getQueries(0).getMax().getNanos()).isGreaterThan(290_000_000);
    var statements = new ArrayList<String>();
    var token = "";
    do {
      var page =
          admin.listSlowQueries(
              ListSlowQueriesRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      statements.addAll(page.getQueriesList().stream().map(SlowQuery::getStatement).toList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(statements).contains("select 2");
  }

  @Test
  void theAuditTrailIsPagedNewestFirstAndFiltered() {
    var tenant = UUID.randomUUID();
    var actor = TestIdentity.user(tenant, "TENANT_OWNER");
    for (var id : List.of("a", "b", "c", "d", "e")) {
      audit(actor, "kit.Test/Delete", id);
    }
    var other = TestIdentity.user(tenant, "TENANT_OWNER");
    audit(other, "kit.Test/Share", "a");
    var admin = admin(actor);
    assertThat(ids(admin, ListAuditEntriesRequest.newBuilder().setPageSize(2)))
        .containsExactly("a", "e", "d", "c", "b", "a");
    assertThat(ids(admin, ListAuditEntriesRequest.newBuilder().setResourceId("a"))).hasSize(2);
    assertThat(ids(admin, ListAuditEntriesRequest.newBuilder().setResource("other"))).isEmpty();
    assertThat(ids(admin, ListAuditEntriesRequest.newBuilder().setAction("kit.Test/Share")))
        .containsExactly("a");
    assertThat(
            ids(
                admin,
                ListAuditEntriesRequest.newBuilder().setActorId(other.principalId().toString())))
        .containsExactly("a");
    var past = Timestamp.newBuilder().setSeconds(1_000_000);
    assertThat(ids(admin, ListAuditEntriesRequest.newBuilder().setStartTime(past))).hasSize(6);
    assertThat(ids(admin, ListAuditEntriesRequest.newBuilder().setEndTime(past))).isEmpty();
  }

  @Test
  void refusalsAreFoundByTheirOutcome() {
    var tenant = UUID.randomUUID();
    var actor = TestIdentity.user(tenant, "TENANT_OWNER");
    audit(actor, "kit.Test/Delete", "a");
    var member = TestIdentity.user(tenant, "MEMBER");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> admin(member).getSchemaStatus(GetSchemaStatusRequest.getDefaultInstance()));
    var refused =
        admin(actor)
            .listAuditEntries(
                ListAuditEntriesRequest.newBuilder()
                    .setOutcome(AuditEntry.Outcome.OUTCOME_REFUSED)
                    .build());
    assertThat(refused.getEntriesList())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getActorId()).isEqualTo(member.principalId().toString());
              assertThat(entry.getAction()).endsWith("AdminService/GetSchemaStatus");
              assertThat(entry.getReason()).isEqualTo("PERMISSION_DENIED");
            });
    assertThat(
            ids(
                admin(actor),
                ListAuditEntriesRequest.newBuilder().setOutcome(AuditEntry.Outcome.OUTCOME_DONE)))
        .containsExactly("a");
  }

  @Test
  void refusalsOfStrangersAreCountedAndListed() {
    for (var n = 0; n < 3; n++) {
      assertProblem(
          Code.UNAUTHENTICATED,
          "UNAUTHENTICATED",
          () ->
              AdminServiceGrpc.newBlockingStub(server.channel(null))
                  .getSchemaStatus(GetSchemaStatusRequest.getDefaultInstance()));
    }
    runtime.audit().flush();
    db.sql(
        "insert into refusal_count values (date_trunc('minute', now()) - interval '1 hour', 'TOKEN_EXPIRED', '192.0.2.1', 7)");
    var platform = TestIdentity.user(UUID.randomUUID(), "PLATFORM_ADMIN");
    var counts = new ArrayList<RefusalCount>();
    var token = "";
    do {
      var page =
          admin(platform)
              .listRefusalCounts(
                  ListRefusalCountsRequest.newBuilder().setPageSize(1).setPageToken(token).build());
      counts.addAll(page.getCountsList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(counts.stream().filter(count -> count.getReason().equals("UNAUTHENTICATED")))
        .extracting(RefusalCount::getCount)
        .satisfies(found -> assertThat(found.stream().mapToLong(n -> n).sum()).isEqualTo(3));
    assertThat(counts.getLast().getReason()).isEqualTo("TOKEN_EXPIRED");
    assertThat(counts.getLast().getCount()).isEqualTo(7);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> admin(owner()).listRefusalCounts(ListRefusalCountsRequest.getDefaultInstance()));
  }

  @Test
  void whoMayReadTheTrailCanHaveItCheckedAndSeesOnlyPositionsOfOthers() {
    var actor = TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER");
    var stranger = TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER");
    audit(actor, "kit.Test/Delete", "a");
    var request = ListAuditEntriesRequest.getDefaultInstance();
    Await.until(
        "it is numbered",
        () -> admin(actor).listAuditEntries(request).getEntries(0).getPosition() > 0);
    var entry = admin(actor).listAuditEntries(request).getEntries(0);
    var from =
        VerifyAuditTrailRequest.newBuilder().setAfterPosition(entry.getPosition() - 1).build();
    assertThat(admin(actor).verifyAuditTrail(from).hasFault()).isFalse();
    assertThat(admin(actor).verifyAuditTrail(from).getComplete()).isTrue();
    var one = from.toBuilder().setPageSize(1).build();
    assertThat(admin(actor).verifyAuditTrail(one).getCheckedThrough())
        .isEqualTo(entry.getPosition());
    assertThat(admin(actor).verifyAuditTrail(one).getComplete()).isFalse();
    db.sql(
        "alter table audit_entry disable trigger all;"
            + " update audit_entry set resource_id = 'b' where id = '%s'".formatted(entry.getId()));
    var fault = admin(actor).verifyAuditTrail(from).getFault();
    assertThat(fault.getKind()).isEqualTo(AuditFault.Kind.KIND_ALTERED);
    assertThat(fault.getPosition()).isEqualTo(entry.getPosition());
    assertThat(fault.getEntryId()).isEqualTo(entry.getId());
    assertThat(admin(stranger).verifyAuditTrail(from).getFault())
        .isEqualTo(fault.toBuilder().clearEntryId().build());
    db.sql(
        "update audit_entry set resource_id = 'a' where id = '%s'; alter table audit_entry enable trigger all"
            .formatted(entry.getId()));
  }

  @Test
  void anEntryIsShownWhole() {
    var actor = TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER");
    audit(actor, "kit.Test/Delete", "a");
    var request = ListAuditEntriesRequest.getDefaultInstance();
    Await.until(
        "it is numbered",
        () -> admin(actor).listAuditEntries(request).getEntries(0).getPosition() > 0);
    var entry = admin(actor).listAuditEntries(request).getEntries(0);
    assertThat(entry.getOutcome()).isEqualTo(AuditEntry.Outcome.OUTCOME_DONE);
    assertThat(entry.getActorId()).isEqualTo(actor.principalId().toString());
    assertThat(entry.getChangesMap()).containsOnlyKeys("name");
    assertThat(entry.getChangesMap().get("name")).hasSize(64);
    assertThat(entry.getRowHash()).hasSize(64);
    assertThat(entry.getCreatedAt().getSeconds()).isPositive();
  }

  @Test
  void anAuditPageTokenIsGoodOnlyForItsFilter() {
    var actor = TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER");
    audit(actor, "kit.Test/Delete", "a");
    audit(actor, "kit.Test/Delete", "b");
    var admin = admin(actor);
    var token =
        admin
            .listAuditEntries(ListAuditEntriesRequest.newBuilder().setPageSize(1).build())
            .getNextPageToken();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
        () ->
            admin.listAuditEntries(
                ListAuditEntriesRequest.newBuilder()
                    .setPageToken(token)
                    .setResource("thing")
                    .build()));
  }

  @Test
  void whoMayNotIsRefusedAndTheRefusalIsInTheTrail() {
    var tenant = UUID.randomUUID();
    var member = TestIdentity.user(tenant, "MEMBER");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> admin(member).getSchemaStatus(GetSchemaStatusRequest.getDefaultInstance()));
    var entry =
        admin(TestIdentity.user(tenant, "TENANT_OWNER"))
            .listAuditEntries(ListAuditEntriesRequest.getDefaultInstance())
            .getEntries(0);
    assertThat(entry.getOutcome()).isEqualTo(AuditEntry.Outcome.OUTCOME_REFUSED);
    assertThat(entry.getReason()).isEqualTo("PERMISSION_DENIED");
    assertThat(entry.getActorId()).isEqualTo(member.principalId().toString());
    assertThat(entry.getRequestId()).isNotEmpty();
  }

  @Test
  void anotherServicePullsFactsAndWaitsForThem() {
    runtime
        .database()
        .write(
            context -> {
              runtime
                  .outbox()
                  .publish(context, TENANT, "thing.deleted", "a", Map.of("purged", true));
              return true;
            });
    var facts =
        OutboxServiceGrpc.newBlockingStub(server.channel(TestIdentity.service()))
            .pull(
                PullRequest.newBuilder()
                    .setConsumer("file-service")
                    .setWait(Duration.newBuilder().setSeconds(20))
                    .build())
            .getFactsList();
    assertThat(facts).hasSize(1);
    var fact = facts.getFirst();
    assertThat(fact.getPosition()).isEqualTo(1);
    assertThat(fact.getType()).isEqualTo("thing.deleted");
    assertThat(fact.getSubjectId()).isEqualTo("a");
    assertThat(fact.getTenantId()).isEqualTo(TENANT.toString());
    assertThat(fact.getData().getFieldsOrThrow("purged").getBoolValue()).isTrue();
    assertThat(fact.getCreatedAt().getSeconds()).isPositive();
  }

  @Test
  void aUserPullsNothing() {
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            OutboxServiceGrpc.newBlockingStub(server.channel(owner()))
                .pull(PullRequest.newBuilder().setConsumer("me").build()));
  }

  @Test
  void idsAndWritesComeWithIt() {
    assertThat(runtime.ids().next()).isNotEqualTo(runtime.ids().next());
    assertThat(runtime.writes()).isNotNull();
  }

  private static void audit(Caller actor, String action, String id) {
    runtime
        .database()
        .write(
            context -> {
              runtime
                  .audit()
                  .record(
                      context, actor, new AuditRecord(action, "thing", id, Map.of("name", "n")));
              return true;
            });
  }

  private static List<String> ids(
      AdminServiceBlockingStub admin, ListAuditEntriesRequest.Builder request) {
    var ids = new ArrayList<String>();
    do {
      var page = admin.listAuditEntries(request.build());
      page.getEntriesList().forEach(entry -> ids.add(entry.getResourceId()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return ids;
  }

  private static Caller owner() {
    return TestIdentity.user(TENANT, "TENANT_OWNER");
  }

  private static AdminServiceBlockingStub admin(Caller caller) {
    return AdminServiceGrpc.newBlockingStub(server.channel(caller));
  }
}
