package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.AgentTool;
import dev.agentserver.agentrun.v1.CancelRunRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.GetRunRequest;
import dev.agentserver.agentrun.v1.ListRunsRequest;
import dev.agentserver.agentrun.v1.ListStepsRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.agentrun.v1.PullInputsRequest;
import dev.agentserver.agentrun.v1.RetryRunRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.agentrun.v1.SendInputRequest;
import dev.agentserver.agentrun.v1.WaitRunRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RunRpcTest extends RunTest {
  @Test
  void aRunIsQueuedWithItsAgentsVersionAndReadBack() {
    var request =
        wanted()
            .setInput(Value.newBuilder().setStringValue("go"))
            .setType(Run.Type.TYPE_PLAN)
            .setExternalId("mine")
            .putMetadata("team", "red")
            .build();
    var run = alice.runs().createRun(request).getRun();
    assertThat(run.getState()).isEqualTo(State.STATE_QUEUED);
    assertThat(run.getAgentVersion()).isEqualTo(1);
    assertThat(run.getUserId()).isEqualTo(alice.caller().principalId().toString());
    assertThat(run.getInput().getStringValue()).isEqualTo("go");
    assertThat(run.getType()).isEqualTo(Run.Type.TYPE_PLAN);
    assertThat(alice.get(run)).isEqualTo(run);
    assertProblem(
            Code.ALREADY_EXISTS,
            "ALREADY_EXISTS",
            () -> alice.runs().createRun(request.toBuilder().clearQueue().build()))
        .containsEntry("id", "external_id mine");
  }

  @Test
  void aWorkerIsGivenTheVersionThatTheRunKeepsToWhateverBecomesOfTheAgent() {
    var gone = service.agent(alice, Map.of(ASKED, "ASK"));
    var run = alice.create(wanted().setAgentId(gone.toString()));
    service.sql("update agent set deleted_at = now() where agent_id = '" + gone + "'");
    var version = acquire(run).getAgentVersion();

    assertThat(version.getAgentId()).isEqualTo(gone.toString());
    assertThat(version.getVersion()).isEqualTo(1);
    assertThat(version.getConfig().getToolsList())
        .singleElement()
        .satisfies(
            tool -> {
              assertThat(tool.getToolId()).isEqualTo(ASKED.toString());
              assertThat(tool.getPermission()).isEqualTo(AgentTool.Permission.PERMISSION_ASK);
            });
  }

  @Test
  void creatingTwiceWithOneRequestIdMakesOneRun() {
    var request =
        wanted().setRequestId("once").setConversationId(UUID.randomUUID().toString()).build();
    var first = alice.runs().createRun(request);
    assertThat(alice.runs().createRun(request)).isEqualTo(first);
    assertProblem(
        Code.INVALID_ARGUMENT,
        "REQUEST_ID_REUSED",
        () -> alice.runs().createRun(request.toBuilder().setMaxAttempts(7).build()));
  }

  @Test
  void aStrangersRunAndAgentAreNotFound() {
    var run = alice.create(wanted());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(run));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.create(wanted()))
        .containsEntry("resource", "agent");
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> bob.runs().cancelRun(CancelRunRequest.newBuilder().setRunId(run.getId()).build()));
    var owner = service.person(TENANT, "TENANT_OWNER");
    assertThat(owner.get(run).getId()).isEqualTo(run.getId());
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> elsewhere.get(run));
  }

  @Test
  void whatIsNotThereIsNotFoundAndWithoutAnAgentThereIsNoRun() {
    assertProblem(
            Code.NOT_FOUND,
            "NOT_FOUND",
            () -> alice.create(wanted().setSessionId(UUID.randomUUID().toString())))
        .containsEntry("resource", "session");
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> alice.create(CreateRunRequest.newBuilder()));
    var dead = service.agent(alice, java.util.Map.of());
    service.sql("update agent set state = 'INACTIVE' where agent_id = '" + dead + "'");
    assertProblem(Code.FAILED_PRECONDITION, "AGENT_INACTIVE", () -> alice.create(dead));
  }

  @Test
  void listsArePagedAndFiltered() {
    var carol = service.person(TENANT, "MEMBER");
    var own = service.agent(carol, java.util.Map.of());
    var made = new ArrayList<String>();
    var queue = UUID.randomUUID().toString();
    for (var i = 0; i < 5; i++) {
      made.addFirst(
          carol
              .create(
                  CreateRunRequest.newBuilder()
                      .setAgentId(own.toString())
                      .setQueue(queue)
                      .putMetadata("n", Integer.toString(i % 2)))
              .getId());
    }
    var seen = new ArrayList<String>();
    var token = "";
    do {
      var page =
          carol
              .runs()
              .listRuns(ListRunsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getRunsList().forEach(run -> seen.add(run.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(made);
    assertThat(ids(carol, ListRunsRequest.newBuilder().putMetadata("n", "1"))).hasSize(2);
    var lease = worker.acquire(queue);
    worker.fail(lease, false);
    var failed = ListRunsRequest.newBuilder().addStates(State.STATE_FAILED);
    assertThat(ids(carol, failed)).containsExactly(lease.getRun().getId());
    assertThat(ids(carol, ListRunsRequest.newBuilder().setErrorReason("NO_LUCK")))
        .containsExactly(lease.getRun().getId());
    assertThat(
            ids(
                carol,
                ListRunsRequest.newBuilder()
                    .setMaxDuration(Duration.newBuilder().setSeconds(3600))))
        .as("those that began")
        .containsExactly(lease.getRun().getId());
    assertThat(
            ids(
                carol,
                ListRunsRequest.newBuilder()
                    .setMinDuration(Duration.newBuilder().setSeconds(3600))))
        .isEmpty();
    assertThat(ids(carol, ListRunsRequest.newBuilder().setAgentId(UUID.randomUUID().toString())))
        .isEmpty();
    assertThat(ids(bob, ListRunsRequest.newBuilder().setAgentId(own.toString()))).isEmpty();
  }

  private static java.util.List<String> ids(Person person, ListRunsRequest.Builder request) {
    return person.runs().listRuns(request.build()).getRunsList().stream().map(Run::getId).toList();
  }

  @Test
  void whoWaitsIsToldOnceTheRunHasEnded() {
    var lease = begun();
    var waiting =
        CompletableFuture.supplyAsync(
            () ->
                alice
                    .runs()
                    .waitRun(
                        WaitRunRequest.newBuilder()
                            .setRunId(lease.getRun().getId())
                            .setWait(Duration.newBuilder().setSeconds(30))
                            .build()));
    worker.complete(lease);
    assertThat(waiting.join().getState()).isEqualTo(State.STATE_SUCCEEDED);
    var other = alice.create(wanted());
    assertThat(
            alice
                .runs()
                .waitRun(WaitRunRequest.newBuilder().setRunId(other.getId()).build())
                .getState())
        .as("without a wait it is as it is")
        .isEqualTo(State.STATE_QUEUED);
  }

  @Test
  void aRunThatFailedIsTriedAgainAsAnother() {
    var lease = begun();
    var failed = worker.fail(lease, false);
    assertThat(failed.getState()).isEqualTo(State.STATE_FAILED);
    var again =
        alice.runs().retryRun(RetryRunRequest.newBuilder().setRunId(failed.getId()).build());
    assertThat(again.getRetryOfRunId()).isEqualTo(failed.getId());
    assertThat(again.getState()).isEqualTo(State.STATE_QUEUED);
    assertThat(again.getAgentVersion()).isEqualTo(failed.getAgentVersion());
    assertProblem(
        Code.FAILED_PRECONDITION,
        "INVALID_RUN_STATE",
        () -> alice.runs().retryRun(RetryRunRequest.newBuilder().setRunId(again.getId()).build()));
  }

  @Test
  void whatIsSentToARunReachesItsWorkerInOrder() {
    var lease = begun();
    assertThat(worker.heartbeat(lease).getInputAvailable()).isFalse();
    for (var text : java.util.List.of("one", "two")) {
      alice
          .runs()
          .sendInput(
              SendInputRequest.newBuilder()
                  .setRunId(lease.getRun().getId())
                  .setContent(Value.newBuilder().setStringValue(text))
                  .setRequestId(text)
                  .build());
    }
    assertThat(worker.heartbeat(lease).getInputAvailable()).isTrue();
    var pulled =
        worker
            .work()
            .pullInputs(
                PullInputsRequest.newBuilder()
                    .setRunId(lease.getRun().getId())
                    .setLeaseEpoch(lease.getLeaseEpoch())
                    .setAfterSeq(1)
                    .build());
    assertThat(pulled.getInputsList())
        .extracting(input -> input.getContent().getStringValue())
        .containsExactly("two");
    worker.complete(lease);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "INVALID_RUN_STATE",
        () ->
            alice
                .runs()
                .sendInput(
                    SendInputRequest.newBuilder()
                        .setRunId(lease.getRun().getId())
                        .setContent(Value.newBuilder().setBoolValue(true))
                        .build()));
  }

  @Test
  void ofAConversationOneRunIsActive() {
    var conversation = UUID.randomUUID();
    var first = alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_REJECT));
    assertProblem(
            Code.FAILED_PRECONDITION,
            "RUN_ACTIVE",
            () -> alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_REJECT)))
        .containsEntry("id", first.getId());
    var second = alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_ENQUEUE));
    var third = alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_ENQUEUE));
    assertThat(second.getState()).isEqualTo(State.STATE_PENDING);
    worker.complete(acquire(first));
    assertThat(state(second)).isEqualTo(State.STATE_QUEUED);
    assertThat(state(third)).isEqualTo(State.STATE_PENDING);
    var lease = acquire(second);
    var last = alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_INTERRUPT));
    assertThat(last.getState()).as("the worker is asked first").isEqualTo(State.STATE_PENDING);
    assertThat(state(third)).isEqualTo(State.STATE_SUPERSEDED);
    assertThat(worker.heartbeat(lease).getCancelRequested()).isTrue();
    assertThat(worker.release(lease).getState()).isEqualTo(State.STATE_SUPERSEDED);
    assertThat(alice.get(second).getSupersededByRunId()).isEqualTo(last.getId());
    assertThat(state(last)).isEqualTo(State.STATE_QUEUED);
    var held = acquire(last);
    worker.step(held, "a");
    var over = alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_ROLLBACK));
    assertThat(over.getState()).isEqualTo(State.STATE_QUEUED);
    assertThat(state(last)).isEqualTo(State.STATE_SUPERSEDED);
    assertThat(
            alice
                .runs()
                .listSteps(ListStepsRequest.newBuilder().setRunId(last.getId()).build())
                .getStepsList())
        .isEmpty();
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.complete(held));
  }

  @Test
  void aRunThatExecutesItselfIsItsCreatorsAtOnce() {
    var conversation = UUID.randomUUID();
    var request =
        CreateRunRequest.newBuilder()
            .setConversationId(conversation.toString())
            .setSelfExecute(true)
            .setRequestId("self")
            .build();
    var created = alice.runs().createRun(request);
    assertThat(created.getRun().getState()).isEqualTo(State.STATE_RUNNING);
    assertThat(created.getLease().getLeaseEpoch()).isEqualTo(1);
    var again = alice.runs().createRun(request);
    assertThat(again.getLease().getToken().getToken()).as("a retry has a token too").isNotEmpty();
    var token = service.bearer(created.getLease().getToken().getToken());
    token.step(created.getLease(), "call");
    assertThat(alice.complete(created.getLease()).getState()).isEqualTo(State.STATE_SUCCEEDED);
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () ->
            alice.create(
                CreateRunRequest.newBuilder()
                    .setSelfExecute(true)
                    .setMultitaskStrategy(MultitaskStrategy.MULTITASK_STRATEGY_ENQUEUE)));
  }

  @Test
  void aRunSeesItselfAndNoOthers() {
    var conversation = UUID.randomUUID();
    var lease =
        acquire(alice.create(in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_REJECT)));
    var run = service.bearer(lease.getToken().getToken());
    assertThat(run.get(lease.getRun()).getId()).isEqualTo(lease.getRun().getId());
    var other = alice.create(wanted());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> run.get(other));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> run.runs().listRuns(ListRunsRequest.getDefaultInstance()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            alice
                .runs()
                .getRun(GetRunRequest.newBuilder().setRunId(UUID.randomUUID().toString()).build()));
  }
}
