package dev.agentserver.agentrun.ledger;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.UsageSum;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.Status.Code;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What messages used comes as facts, and costs once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessageUsageTest {
  private LedgerHarness service;
  private Person alice;
  private Person bob;
  private Person owner;
  private UUID conversation;
  private UUID message;

  @BeforeAll
  void start() {
    service = new LedgerHarness();
  }

  @BeforeEach
  void people() {
    var tenant = UUID.randomUUID();
    alice = service.person(tenant, "MEMBER");
    bob = service.person(tenant, "MEMBER");
    owner = service.person(tenant, "TENANT_OWNER");
    conversation = service.conversation();
    message = UUID.randomUUID();
  }

  @AfterEach
  void verify() {
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /// As conversation-service tells it.
  private PulledFact fact(int epoch, int input, Map<String, String> more) {
    var data =
        new TreeMap<>(
            Map.of(
                "idempotency_key",
                "agentserver:message:" + message + ":" + epoch,
                "user_id",
                alice.id().toString(),
                "conversation_id",
                conversation.toString(),
                "provider",
                "openai",
                "model",
                LedgerHarness.MODEL,
                "tier",
                "",
                "region",
                "",
                "raw_usage",
                "{\"prompt_tokens\":" + input + ",\"completion_tokens\":0}"));
    data.putAll(Map.of("flavor", "", "batch", "false", "partial", "false", "hold_id", ""));
    data.putAll(more);
    return new PulledFact(
        UUID.randomUUID(),
        1,
        alice.tenant(),
        "message.usage",
        message.toString(),
        data,
        Instant.now());
  }

  private UsageSum cost(Person by, GetCostRequest.Builder of) {
    return by.usage().getCost(of.build()).getOwn();
  }

  private UsageSum ofMessage(Person by) {
    return cost(by, GetCostRequest.newBuilder().setMessageId(message.toString()));
  }

  @Test
  void aFactCountsOnceForMessageConversationAndUser() {
    var fact = fact(1, 1_000_000, Map.of());
    service.hear(fact, fact);
    service.hear(fact);
    var sum = ofMessage(alice);
    assertThat(sum.getCost()).isEqualTo("2");
    assertThat(sum.getEvents()).isEqualTo(1);
    assertThat(sum.getInputTokens()).isEqualTo("1000000");
    assertThat(cost(alice, GetCostRequest.newBuilder().setConversationId(conversation.toString())))
        .isEqualTo(sum);
    assertThat(cost(alice, GetCostRequest.newBuilder().setUserId(alice.id().toString())))
        .isEqualTo(sum);
  }

  @Test
  void membersOfTheConversationSeeWhatItsMessagesCost() {
    service.hear(fact(1, 1_000_000, Map.of()));
    assertThat(ofMessage(bob).getCost()).isEqualTo("2");
    conversation = UUID.randomUUID();
    message = UUID.randomUUID();
    service.hear(fact(1, 1_000_000, Map.of()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> ofMessage(bob));
  }

  @Test
  void theRunWhoseTokenWroteTheMessagePays() {
    var run = service.run(alice, null).toString();
    service.hear(fact(1, 500_000, Map.of("run_id", run, "lease_epoch", "1")));
    service.hear(fact(2, 500_000, Map.of("run_id", run)));
    assertThat(cost(alice, GetCostRequest.newBuilder().setRunId(run)).getCost()).isEqualTo("2");
    assertThat(ofMessage(alice).getEvents()).isEqualTo(2);
    assertThat(service.column("select late::text from usage_event where run_id = '" + run + "'"))
        .containsExactly("false", "false");
  }

  @Test
  void usageThatCameAfterTheNextLeaseIsLate() {
    var run = service.run(alice, null);
    service.sql(
        "insert into run_lease values ('%s', '%s', 2, '%s', '', '{}', now() - interval '1 minute')"
            .formatted(alice.tenant(), run, bob.id()));
    service.hear(fact(1, 1, Map.of("run_id", run.toString(), "lease_epoch", "1")));
    service.hear(fact(2, 1, Map.of("run_id", run.toString(), "lease_epoch", "2")));
    assertThat(
            service.column(
                "select late::text from usage_event where run_id = '%s' order by event_id"
                    .formatted(run)))
        .containsExactly("true", "false");
  }

  @Test
  void nobodysRunPaysForWhatItDidNotWrite() {
    var run = service.run(bob, null).toString();
    var theirs = service.agent(bob, "PRIVATE").toString();
    service.hear(fact(1, 1_000_000, Map.of("run_id", run, "agent_id", theirs)));
    assertThat(cost(bob, GetCostRequest.newBuilder().setRunId(run)).getCost()).isEqualTo("0");
    assertThat(ofMessage(alice).getCost()).isEqualTo("2");
    assertThat(
            service.column(
                "select count(agent_id) from usage_event where message_id = '" + message + "'"))
        .containsExactly("0");
    var shared = service.agent(bob, "TENANT").toString();
    service.hear(fact(2, 1, Map.of("agent_id", shared)));
    assertThat(
            service.column(
                "select agent_id::text from usage_event where message_id = '%s' and agent_id is not null"
                    .formatted(message)))
        .containsExactly(shared);
  }

  @Test
  void whatTheLedgerNeverTakesHoldsUpNothing() {
    service.hear(fact(1, 1, Map.of()), fact(1, 2, Map.of()), fact(2, 3, Map.of()));
    assertThat(ofMessage(alice).getInputTokens()).isEqualTo("4");
  }

  @Test
  void agentsOfOthersPayForNobody() {
    var theirs = service.agent(bob, "PRIVATE").toString();
    var record = LedgerHarness.record(UUID.randomUUID().toString(), 1, 1).setAgentId(theirs);
    var request = RecordUsageRequest.newBuilder().setRecord(record).build();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.usage().recordUsage(request));
    assertThat(bob.usage().recordUsage(request).getAgentId()).isEqualTo(theirs);
  }

  @Test
  void theirKeysAreNobodyElses() {
    var record = LedgerHarness.record("agentserver:message:" + message + ":1", 1, 1);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                alice
                    .usage()
                    .recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build()))
        .field("record.idempotency_key");
  }
}
