package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.ledger.LedgerHarness.quantity;
import static dev.agentserver.agentrun.ledger.LedgerHarness.record;
import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.PriceState;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.StreamUsageRequest;
import dev.agentserver.agentrun.v1.StreamUsageResponse;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageLine;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.UsageState;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordTest {
  private LedgerHarness service;
  private Person alice;
  private Person bob;
  private Person owner;

  @BeforeAll
  void start() {
    service = new LedgerHarness();
    var tenant = UUID.randomUUID();
    alice = service.person(tenant, "MEMBER");
    bob = service.person(tenant, "MEMBER");
    owner = service.person(tenant, "TENANT_OWNER");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static UsageEvent send(Person by, UsageRecord.Builder record) {
    return by.usage().recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build());
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  @Test
  void whatIsRecordedIsAnsweredLineByLineToTheLastDigit() {
    var event = send(alice, record(key(), 1_000_001, 3));
    assertThat(event.getTotal()).isEqualTo("2.000026");
    assertThat(event.getPriceState()).isEqualTo(PriceState.PRICE_STATE_PRICED);
    assertThat(event.getUsageState()).isEqualTo(UsageState.USAGE_STATE_ESTIMATED);
    assertThat(event.getUserId()).isEqualTo(alice.id().toString());
    assertThat(event.getLinesList())
        .extracting(UsageLine::getUnit, UsageLine::getQuantity, UsageLine::getCost)
        .containsExactly(tuple("input", "1000001", "2.000002"), tuple("output", "3", "0.000024"));
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @Test
  void whatTheProviderToldIsReadAndWhatContradictsItselfIsKeptAndNeverCharged() {
    var raw = UsageRecord.newBuilder().setProvider("openai").setModel(LedgerHarness.MODEL);
    var told =
        send(
            alice,
            raw.clone()
                .setIdempotencyKey(key())
                .setRawUsage(
                    "{\"prompt_tokens\":1000000,\"completion_tokens\":10,\"total_tokens\":1000010}"));
    assertThat(told.getUsageState()).isEqualTo(UsageState.USAGE_STATE_REPORTED);
    assertThat(told.getTotal()).isEqualTo("2.00008");
    var broken =
        send(
            alice,
            raw.clone()
                .setIdempotencyKey(key())
                .setRawUsage(
                    "{\"prompt_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":50},\"completion_tokens\":1}"));
    assertThat(broken.getUsageState()).isEqualTo(UsageState.USAGE_STATE_INVALID);
    assertThat(broken.getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
    assertThat(broken.getLinesList()).isEmpty();
    assertThat(broken.getWarningsList()).isNotEmpty();
    assertThat(
            service.column("select raw from usage_event where event_id = '" + broken.getId() + "'"))
        .singleElement()
        .asString()
        .contains("\"cached_tokens\":50");
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @Test
  void theSameKeyCountsOnceAndOtherUsageUnderItIsRefused() {
    var record = record(key(), 10, 10);
    var first = send(alice, record);
    var again = send(alice, record);
    assertThat(again).isEqualTo(first.toBuilder().setDuplicate(true).build());
    assertProblem(
        Code.INVALID_ARGUMENT,
        "REQUEST_ID_REUSED",
        () -> send(alice, record(record.getIdempotencyKey(), 11, 10)));
  }

  @Test
  void whatHasNoPriceIsNotFree() {
    var event = send(alice, record(key(), 10, 10).setModel("nobody-knows"));
    assertThat(event.getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
    assertThat(event.getTotal()).isEmpty();
    assertThat(event.getLinesList()).isEmpty();
    assertThat(event.getQuantitiesList()).hasSize(2);
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @Test
  void usageOfARunIsItsUsersAndOfALostLeaseItIsLate() {
    var run = service.run(alice, null);
    var worker = service.person(alice.tenant(), "WORKER");
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> send(worker, record(key(), 1, 1).setRunId(run.toString())));
    service.sql(
        "insert into run_lease values ('%s', '%s', 1, '%s', '', '{}', now())"
            .formatted(alice.tenant(), run, worker.id()));
    var told = send(worker, record(key(), 1, 1).setRunId(run.toString()).setLeaseEpoch(1));
    assertThat(told.getUserId()).isEqualTo(alice.id().toString());
    assertThat(told.getLate()).isFalse();
    var scope = new RunScope(run, null, null, 1);
    var token = service.person(alice.caller().within(scope, List.of()));
    assertThat(send(token, record(key(), 1, 1)).getRunId()).isEqualTo(run.toString());
    service.sql("update run set lease_epoch = 2 where run_id = '" + run + "'");
    var before = service.column("select r::text from run r where run_id = '" + run + "'");
    assertThat(send(token, record(key(), 1, 1)).getLate()).isTrue();
    assertThat(service.column("select r::text from run r where run_id = '" + run + "'"))
        .isEqualTo(before);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> send(token, record(key(), 1, 1).setRunId(service.run(alice, null).toString())));
    service.sql("delete from run where run_id = '" + run + "'");
    assertThat(send(token, record(key(), 1, 1)).getLate()).isTrue();
    assertThat(cost(owner, GetCostRequest.newBuilder().setRunId(run.toString())))
        .isEqualTo("0.00004");
  }

  @Test
  void nobodySpeaksOfWhatIsNotTheirs() {
    var run = service.run(alice, null).toString();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> send(bob, record(key(), 1, 1).setRunId(run)));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> send(bob, record(key(), 1, 1).setUserId(alice.id().toString())));
    for (var record :
        List.of(
            record(key(), 1, 1).setConversationId(key()),
            record(key(), 1, 1).setSessionId(key()),
            record(key(), 1, 1).setProjectId(key()))) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> send(bob, record));
    }
    var viewer = service.person(alice.tenant(), "VIEWER");
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> send(viewer, record(key(), 1, 1)));
    assertThat(send(owner, record(key(), 1, 1).setUserId(alice.id().toString())).getUserId())
        .isEqualTo(alice.id().toString());
  }

  @Test
  void whatIsSaidMustBePossible() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                send(
                    alice,
                    record(key(), 1, 1)
                        .setOccurredAt(Timestamp.newBuilder().setSeconds(4_000_000_000L))))
        .field("record.occurred_at");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                send(
                    alice,
                    record(key(), 1, 1).addQuantities(quantity(Unit.PROVIDER_REPORTED, "1"))))
        .field("record.quantities.unit");
  }

  @Test
  void oneThatIsRefusedKeepsNoneOfItsBatchBack() {
    var taken = key();
    send(alice, record(taken, 1, 1));
    var reply =
        alice
            .usage()
            .batchRecordUsage(
                BatchRecordUsageRequest.newBuilder()
                    .addRecords(record(key(), 1, 1))
                    .addRecords(record(taken, 2, 2))
                    .addRecords(record(key(), 1, 1).setRunId(key()))
                    .addRecords(record(taken, 1, 1))
                    .build());
    assertThat(reply.getResultsList())
        .extracting(result -> result.getErrorReason())
        .containsExactly("", "REQUEST_ID_REUSED", "NOT_FOUND", "");
    assertThat(reply.getResults(3).getEvent().getDuplicate()).isTrue();
  }

  @Test
  void aStreamThatIsSentAgainCountsOnce() throws Exception {
    var prefix = key();
    assertThat(stream(prefix).getRecorded()).isEqualTo(250);
    var again = stream(prefix);
    assertThat(again.getDuplicates()).isEqualTo(250);
    assertThat(again.getRecorded()).isZero();
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  private StreamUsageResponse stream(String prefix) throws Exception {
    var call =
        ClientCalls.blockingClientStreamingCall(
            alice.channel(), UsageServiceGrpc.getStreamUsageMethod(), CallOptions.DEFAULT);
    for (var batch = 0; batch < 5; batch++) {
      var request = StreamUsageRequest.newBuilder();
      for (var n = 0; n < 50; n++) {
        request.addRecords(record(prefix + batch + "-" + n, n, batch));
      }
      call.write(request.build());
    }
    call.halfClose();
    return call.read();
  }

  private static String cost(Person by, GetCostRequest.Builder request) {
    return by.usage().getCost(request.build()).getOwn().getCost();
  }

  @Test
  void aCostIsSeenByWhomItConcerns() {
    var tenant = UUID.randomUUID();
    var carol = service.person(tenant, "MEMBER");
    var other = service.person(tenant, "MEMBER");
    var boss = service.person(tenant, "TENANT_OWNER");
    var run = service.run(carol, null);
    var child = service.run(carol, run);
    var grandchild = service.run(carol, child);
    var message = key();
    send(carol, record(key(), 1, 0).setRunId(run.toString()).setMessageId(message));
    send(carol, record(key(), 10, 0).setRunId(child.toString()));
    send(carol, record(key(), 100, 0).setRunId(grandchild.toString()));
    var ofRun = GetCostRequest.newBuilder().setRunId(run.toString());
    var reply = carol.usage().getCost(ofRun.build());
    assertThat(reply.getOwn().getCost()).isEqualTo("0.000002");
    assertThat(reply.getInclusive().getCost()).isEqualTo("0.000222");
    assertThat(cost(carol, GetCostRequest.newBuilder().setMessageId(message)))
        .isEqualTo("0.000002");
    assertThat(cost(carol, GetCostRequest.newBuilder().setUserId(carol.id().toString())))
        .isEqualTo("0.000222");
    for (var hidden :
        List.of(
            ofRun,
            GetCostRequest.newBuilder().setMessageId(message),
            GetCostRequest.newBuilder().setUserId(carol.id().toString()),
            GetCostRequest.newBuilder().setSessionId(key()),
            GetCostRequest.newBuilder().setProjectId(key()),
            GetCostRequest.newBuilder().setConversationId(key()))) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> cost(other, hidden));
    }
    assertThat(cost(boss, ofRun)).isEqualTo("0.000002");
    var conversation = service.conversation().toString();
    send(carol, record(key(), 0, 1).setConversationId(conversation));
    assertThat(cost(other, GetCostRequest.newBuilder().setConversationId(conversation)))
        .isEqualTo("0.000008");
  }

  @Test
  void aLineThatIsWrongIsRefusedByTheDatabaseAndNoneIsEverChanged() {
    var event = send(alice, record(key(), 5, 5)).getId();
    assertThatThrownBy(
            () ->
                service.sql(
                    """
                    insert into usage_line (tenant_id, event_id, number, kind, model, unit, quantity, unit_price, per, cost, created_at)
                    values ('%s', '%s', 9, 'CHARGE', 'm', 'input', 1, 1, 1000000, 0.000001000001, now())\
                    """
                        .formatted(alice.tenant(), event)))
        .hasStackTraceContaining("usage_line_cost_check");
    assertThat(
            service.column(
                """
                select privilege_type from information_schema.role_table_grants
                where table_name = 'usage_line' and grantee = 'agent_run_runtime' order by 1\
                """))
        .containsExactly("INSERT", "SELECT");
  }

  @Test
  void aSessionThatShowsSomethingElseIsFound() {
    var carol = service.person(UUID.randomUUID(), "TENANT_OWNER");
    var session = service.session(carol);
    for (var part : List.of("0.6", "0.6", "1")) {
      send(
          carol,
          record(key(), 0, 1_000_000)
              .addQuantities(quantity(Unit.INPUT, part))
              .setSessionId(session.toString()));
    }
    assertThat(
            service.column(
                "select input_tokens || ' ' || cost from session where session_id = '%s'"
                    .formatted(session)))
        .containsExactly("2 24.000004400000");
    assertThat(carol.verify().getDiscrepanciesList()).isEmpty();
    service.sql(
        "update session set cost = cost + 1, input_tokens = 7 where session_id = '%s'"
            .formatted(session));
    assertThat(carol.verify().getDiscrepanciesList())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getTable()).isEqualTo("session");
              assertThat(one.getKey()).isEqualTo(session.toString());
              assertThat(one.getExpected()).isEqualTo("2 3000000 24.0000044");
              assertThat(one.getActual()).isEqualTo("7 3000000 25.0000044");
            });
  }

  @Test
  void aSumThatIsNotThatOfItsLinesIsFound() {
    var tenant = UUID.randomUUID();
    var carol = service.person(tenant, "TENANT_OWNER");
    send(carol, record(key(), 5, 5));
    for (var table :
        List.of(
            "usage_quarter_model",
            "usage_day_model",
            "usage_day_user",
            "usage_day_agent_model",
            "usage_month_user")) {
      var where = " where tenant_id = '" + tenant + "'";
      service.sql("update " + table + " set cost = cost + 0.000000000001" + where);
      assertThat(carol.verify().getDiscrepanciesList())
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.getTable()).isEqualTo(table);
                assertThat(one.getExpected()).isEqualTo("1 0 5 5 0.00005");
                assertThat(one.getActual()).isEqualTo("1 0 5 5 0.000050000001");
              });
      service.sql("update " + table + " set cost = cost - 0.000000000001" + where);
      assertThat(carol.verify().getDiscrepanciesList()).isEmpty();
    }
  }
}
