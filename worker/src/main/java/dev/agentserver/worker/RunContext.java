package dev.agentserver.worker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.AgentVersion;
import dev.agentserver.agentrun.v1.AppendEventsRequest;
import dev.agentserver.agentrun.v1.ArtifactServiceGrpc;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.PullInputsRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.RunInput;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunTool;
import dev.agentserver.agentrun.v1.SyncArtifactsRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// A run, as its handler works on it. Every method fails with [Stopped] once the run is to go no
/// further here.
public final class RunContext {
  private final Lease lease;
  private final Steps steps;
  private final Questions questions;
  private final Messages messages;
  private Value output = Value.getDefaultInstance();
  private String externalSession = "";
  private int syncs;

  RunContext(Lease lease) {
    this.lease = lease;
    this.steps = new Steps(lease);
    this.questions = new Questions(lease);
    this.messages = new Messages(lease);
  }

  /// The run, as it was when this attempt began.
  public Run run() {
    return lease.run();
  }

  /// What it was given.
  public Value input() {
    return run().getInput();
  }

  /// Names this attempt: a later one has a greater number.
  public long leaseEpoch() {
    return lease.epoch();
  }

  /// The version of the agent that the run keeps to.
  public Optional<AgentVersion> agent() {
    return lease.granted().hasAgentVersion()
        ? Optional.of(lease.granted().getAgentVersion())
        : Optional.empty();
  }

  /// The tools of the agent, those that are denied included, as they were when this attempt began.
  public List<RunTool> tools() {
    return lease.granted().getToolsList();
  }

  /// Whether the run is to go no further here: for handlers that want to end what they are at.
  public boolean stopped() {
    return lease.stopped() != null;
  }

  /// Fails with [Stopped] where it is not to go on. For handlers that do long things without steps.
  public void check() {
    lease.check();
  }

  /// Does something once: where an earlier attempt has done it, its output is returned and `work`
  /// is left out. Where `work` fails the step has failed, and the exception passes.
  ///
  /// Of a tool that must not be called, it fails with [RunFailure]; where people must be asked
  /// first, the handler ends here and is called again with their answer.
  public Value step(Step step, Supplier<Value> work) {
    return billed(step, () -> new StepResult(work.get(), Optional.empty()));
  }

  /// The same for a step of no special kind.
  public Value step(String key, Supplier<Value> work) {
    return step(Step.of(key), work);
  }

  /// The same for a step that is billed: what the provider told that it used is kept with it, and
  /// is part of what the run costs.
  public Value billed(Step step, Supplier<StepResult> work) {
    return steps.take(step, work);
  }

  /// Begins a message in the run's conversation, or goes on with the one that an earlier attempt
  /// began under this key. What is not ended when the handler fails is ended as failed.
  public MessageWriter message(String key) {
    return message(key, BeginMessageRequest.newBuilder());
  }

  /// The same with what else is known of it, its model for example.
  public MessageWriter message(String key, BeginMessageRequest.Builder draft) {
    return messages.begin(key, draft);
  }

  /// Whether something is approved. The handler ends here while nobody has answered.
  ///
  /// @param key the question's name within the run
  /// @param about what people are shown beside it
  public RunInterrupt approval(String key, String prompt, Struct about) {
    return questions.ask(RunInterrupt.Kind.KIND_APPROVAL, key, prompt, about);
  }

  /// What people answer to a question.
  public RunInterrupt question(String key, String prompt, Struct about) {
    return questions.ask(RunInterrupt.Kind.KIND_QUESTION, key, prompt, about);
  }

  /// Tells of something that happened. An event without an id is given one.
  public void event(NewRunEvent.Builder event) {
    lease.check();
    if (event.getId().isEmpty()) {
      event.setId(UUID.randomUUID().toString());
    }
    var request =
        AppendEventsRequest.newBuilder()
            .setRunId(run().getId())
            .setLeaseEpoch(lease.epoch())
            .addEvents(event)
            .build();
    lease.call(RunEventServiceGrpc.getAppendEventsMethod(), request);
  }

  /// What was sent to the run since the last call; in a new attempt, all of it.
  public List<RunInput> inputs() {
    lease.check();
    var all = new ArrayList<RunInput>();
    while (true) {
      var request =
          PullInputsRequest.newBuilder()
              .setRunId(run().getId())
              .setLeaseEpoch(lease.epoch())
              .setAfterSeq(lease.inputSeq())
              .build();
      var some = lease.call(WorkerServiceGrpc.getPullInputsMethod(), request).getInputsList();
      if (some.isEmpty()) {
        return List.copyOf(all);
      }
      all.addAll(some);
      lease.reached(some.getLast().getSeq());
    }
  }

  /// Tells the run's session what the files of its directory say now: spec.md, plan.json, plan.md,
  /// state.json, and what lies in context, debug and research.
  public void syncArtifacts(Path directory) {
    lease.check();
    for (var files : SessionFiles.read(directory)) {
      syncs++;
      var request =
          SyncArtifactsRequest.newBuilder()
              .setSessionId(run().getSessionId())
              .addAllFiles(files)
              .setRequestId(lease.name("sync/" + syncs))
              .build();
      lease.call(ArtifactServiceGrpc.getSyncArtifactsMethod(), request);
    }
  }

  /// Any other call that a run may make, by the run's token. The request must be safe to repeat.
  public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    lease.check();
    return lease.call(method, request);
  }

  /// What comes out of the run.
  public void output(Value value) {
    output = value;
  }

  /// The id that an agent SDK gave its own session; a later attempt finds it in the run.
  public void externalSession(String id) {
    externalSession = id;
  }

  Value output() {
    return output;
  }

  String externalSession() {
    return externalSession;
  }

  Messages messages() {
    return messages;
  }
}
