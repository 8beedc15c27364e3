package dev.agentserver.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.worker.RunFailure;
import dev.agentserver.worker.RunHandler;
import dev.agentserver.worker.Stopped;
import dev.agentserver.worker.Worker;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The library of workers, through the gateway, with handlers as somebody writes them.
@ExtendWith(SharedServer.class)
class WorkerTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Server server;
  private final String queue = "q" + UUID.randomUUID();
  private final List<Worker> workers = new ArrayList<>();
  private final List<String> done = new CopyOnWriteArrayList<>();

  private ManagedChannel channel;
  private User ann;
  private Runs runs;
  private String agent;

  WorkerTest(Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() {
    var url = server.url();
    channel =
        Grpc.newChannelBuilderForAddress(
                url.getHost(), url.getPort(), InsecureChannelCredentials.create())
            .build();
    ann = User.member(server);
    runs = new Runs(ann);
    agent = runs.agent("\"settings\": {\"queue\": \"%s\"}".formatted(queue));
  }

  @AfterEach
  void close() {
    workers.forEach(Worker::close);
    channel.shutdownNow();
  }

  private Worker worker(RunHandler handler) {
    return worker(handler, Duration.ofMillis(200));
  }

  private Worker worker(RunHandler handler, Duration heartbeat) {
    var worker =
        Worker.builder(channel, server.key(1), handler)
            .queues(List.of(queue))
            .heartbeat(heartbeat)
            .drain(Duration.ofSeconds(1))
            .start();
    workers.add(worker);
    return worker;
  }

  /// A run of the agent, whose settings name the queue.
  private String begin() {
    return runs.begin("\"agent_id\": \"%s\", \"input\": \"hello\"".formatted(agent));
  }

  private String beginIn(String conversation) {
    return runs.begin(
        "\"agent_id\": \"%s\", \"conversation_id\": \"%s\"".formatted(agent, conversation));
  }

  /// The worker of the run is not heard of any more, as far as the server knows.
  private void loseLease(String run) {
    Database.of(server)
        .run(
            "update agent_run.run set lease_expires_at = clock_timestamp() where run_id = '%s'"
                .formatted(run));
    Await.until(
        "the lease has ended",
        SOON,
        () -> !runs.get(run).path("state").asText().equals("STATE_RUNNING"));
    Database.of(server)
        .run(
            "update agent_run.run set eligible_at = clock_timestamp() where run_id = '%s'"
                .formatted(run));
  }

  @Test
  void whatIsDoneIsNotDoneAgainWhenAnotherAttemptFollows() {
    worker(
        run -> {
          var first = run.step("a", () -> did("a")).getStringValue();
          run.step(
              "b",
              () -> {
                if (run.run().getAttempt() == 1) {
                  throw new RunFailure("NOT_YET", "try again", true);
                }
                return did("b");
              });
          run.event(
              NewRunEvent.newBuilder()
                  .setCategory(RunEvent.Category.CATEGORY_LOG)
                  .setKind("said")
                  .setContent("both are done"));
          run.externalSession("sdk-7");
          run.output(Values.of(run.input().getStringValue() + " " + first));
        });
    var run = begin();

    var ended = runs.await(run, "SUCCEEDED");
    assertThat(done).containsExactly("a", "b");
    assertThat(ended.path("output").asText()).isEqualTo("hello a");
    assertThat(ended.path("external_session_id").asText()).isEqualTo("sdk-7");
    assertThat(ended.path("attempt").asInt()).isEqualTo(2);
    assertThat(ended.path("queue").asText()).isEqualTo(queue);
    assertThat(runs.steps(run)).allMatch(step -> step.path("state").asText().endsWith("SUCCEEDED"));
    assertThat(runs.events(run))
        .anyMatch(event -> event.path("content").asText().startsWith("both"));
  }

  private com.google.protobuf.Value did(String what) {
    done.add(what);
    return Values.of(what);
  }

  @Test
  void anAnswerIsGoneOnWithByTheNextWorkerAndTheFirstOneIsFenced() throws Exception {
    var conversation = ann.conversation("a trip");
    var written = new CountDownLatch(1);
    var late = new CountDownLatch(1);
    var end = new AtomicReference<Throwable>();
    var first =
        (RunHandler)
            run -> {
              var message = run.message("answer");
              message.append("To the sea \uD83C\uDFD6");
              written.countDown();
              uninterrupted(late);
              try {
                message.append(" and never back");
              } catch (RuntimeException fenced) {
                end.set(fenced);
                throw fenced;
              }
            };
    var second =
        (RunHandler)
            run -> {
              var message = run.message("answer");
              done.add(message.before());
              message.append(", said the \uD83E");
              message.append("\uDD8A.");
              message.complete("stop");
            };
    worker(run -> (run.leaseEpoch() == 1 ? first : second).run(run), Duration.ofMinutes(1));
    var run = beginIn(conversation);
    written.await();
    loseLease(run);

    var ended = runs.await(run, "SUCCEEDED");
    late.countDown();
    Await.until("the first one is fenced", SOON, () -> end.get() != null);
    assertThat(end.get()).isInstanceOf(Stopped.class);
    assertThat(done).containsExactly("To the sea \uD83C\uDFD6");
    var answer =
        ann.http().get("/v1/messages/" + ended.path("output_message_id").asText()).expect(200);
    assertThat(answer.json().path("content").asText())
        .isEqualTo("To the sea \uD83C\uDFD6, said the \uD83E\uDD8A.");
    assertThat(answer.json().path("state").asText()).isEqualTo("STATE_COMPLETE");
  }

  /// A worker that notices nothing while it is away.
  private static void uninterrupted(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException _) {
        // It is away.
      }
    }
  }

  @Test
  void peopleAreAskedAndTheirAnswerIsKnownToTheNextAttempt() {
    worker(
        run -> {
          var answer = run.question("where", "Where to?", Struct.getDefaultInstance());
          var sure = run.approval("sure", "Are you sure?", Struct.getDefaultInstance());
          run.output(Values.of(answer.getResponse().getStringValue() + " " + sure.getApproved()));
        });
    var run = begin();
    runs.await(run, "REQUIRES_ACTION");
    runs.answer(run, false);
    Await.until(
        "it asks again",
        SOON,
        () ->
            ann.http()
                    .get("/v1/runs/" + run + "/interrupts")
                    .expect(200)
                    .json()
                    .path("interrupts")
                    .size()
                == 2);
    runs.answer(run, true);
    assertThat(runs.await(run, "SUCCEEDED").path("output").asText()).isEqualTo("so be it true");
  }

  @Test
  void aRunThatIsCancelledEndsAndItsMessageToo() {
    var conversation = ann.conversation("a trip");
    worker(
        run -> {
          var message = run.message("answer");
          for (var i = 0; ; i++) {
            var number = i;
            message.append(run.step("s" + i, () -> did("s" + number)).getStringValue());
          }
        });
    var run = beginIn(conversation);
    Await.until("it works", SOON, () -> done.size() > 2);
    runs.act(run, "cancel");
    runs.await(run, "CANCELLED");
    var messages = ann.http().get(User.messages(conversation)).expect(200).json();
    assertThat(messages.path("messages").get(0).path("state").asText()).isEqualTo("STATE_FAILED");
  }

  @Test
  void aMessageThatIsStoppedEndsTheRun() {
    var conversation = ann.conversation("a trip");
    var id = new AtomicReference<String>();
    worker(
        run -> {
          var message = run.message("answer");
          while (true) {
            message.append("more ");
            id.set(message.id());
          }
        });
    var run = beginIn(conversation);
    Await.until("it writes", SOON, () -> id.get() != null);
    ann.http().post("/v1/messages/" + id.get() + ":stop", "{}").expect(200);
    runs.await(run, "CANCELLED");
  }

  @Test
  void aRunIsPausedResumedGivenInputsAndLetGoOfByAWorkerThatIsClosed() {
    var handler =
        (RunHandler)
            run -> {
              for (var i = 0; ; i++) {
                run.step("s" + i, () -> did("step"));
                for (var input : run.inputs()) {
                  run.output(input.getContent());
                  return;
                }
              }
            };
    var worker = worker(handler);
    var run = begin();
    Await.until("it works", SOON, () -> done.size() > 2);
    runs.act(run, "pause");
    runs.await(run, "PAUSED");
    runs.act(run, "resume");
    var attempt = runs.await(run, "RUNNING").path("attempt").asInt();
    worker.close();
    var released = runs.get(run);
    assertThat(released.path("state").asText()).isEqualTo("STATE_QUEUED");
    assertThat(released.path("attempt").asInt()).as("it does not count").isEqualTo(attempt - 1);

    worker(handler);
    runs.await(run, "RUNNING");
    ann.http().post("/v1/runs/" + run + "/inputs", "{\"content\": \"enough\"}").expect(201);
    assertThat(runs.await(run, "SUCCEEDED").path("output").asText()).isEqualTo("enough");
  }

  @Test
  void aHandlerThatDoesNotComeToItsNextStepIsBrokenOffWhenItsWorkerIsClosed() {
    var worker =
        worker(
            run ->
                run.step(
                    "long",
                    () -> {
                      done.add("begun");
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                      }
                      return Values.ofNull();
                    }));
    var run = begin();
    Await.until("it works", SOON, () -> !done.isEmpty());
    worker.close();
    assertThat(runs.get(run).path("state").asText()).isEqualTo("STATE_QUEUED");
  }

  @Test
  void aHandlerThatFailsLeavesNoMessageOpen() {
    var conversation = ann.conversation("a trip");
    worker(
        run -> {
          run.message("answer").append("To the");
          throw new RunFailure("LOST_MY_WAY", "no idea", false);
        });
    var ended = runs.await(beginIn(conversation), "FAILED");
    assertThat(ended.path("error_reason").asText()).isEqualTo("LOST_MY_WAY");
    var message =
        ann.http().get(User.messages(conversation)).expect(200).json().path("messages").get(0);
    assertThat(message.path("state").asText()).isEqualTo("STATE_FAILED");
    assertThat(message.path("content").asText()).isEqualTo("To the");
  }
}
