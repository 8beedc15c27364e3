package dev.agentserver.worker.reference;

import com.google.protobuf.Value;
import com.google.protobuf.util.Values;
import dev.agentserver.agentrun.v1.AdvancePhaseRequest;
import dev.agentserver.agentrun.v1.CheckpointServiceGrpc;
import dev.agentserver.agentrun.v1.CompleteCheckpointRequest;
import dev.agentserver.agentrun.v1.CreateCheckpointRequest;
import dev.agentserver.agentrun.v1.GetSessionRequest;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.SessionServiceGrpc;
import dev.agentserver.worker.RunContext;
import dev.agentserver.worker.RunFailure;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Takes a session from the phase it is in to its end, as an agent that builds something does: it
/// writes files, tells the session of them, and enters the next phase.
final class SessionWork {
  private static final int CHECKPOINTS = 3;

  private final RunContext run;
  private final Path directory;

  private SessionWork(RunContext run, Path directory) {
    this.run = run;
    this.directory = directory;
  }

  static void run(RunContext run) throws IOException {
    if (run.run().getSessionId().isEmpty()) {
      throw new RunFailure("NO_SESSION", "the run is part of no session", false);
    }
    var directory = Files.createTempDirectory("session-");
    try {
      new SessionWork(run, directory).work();
    } finally {
      try (var files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void work() {
    for (var phase = phase(); phase != Phase.PHASE_DONE; phase = phase()) {
      switch (phase) {
        case PHASE_SPEC -> enter(once("spec", "spec.md", "# What is wanted"), Phase.PHASE_PLAN);
        case PHASE_PLAN -> {
          once("plan", "plan.json", "{\"checkpoints\": 3}");
          plan();
          enter("plan", Phase.PHASE_BUILD);
        }
        case PHASE_BUILD -> {
          build();
          enter("build", Phase.PHASE_DOCS);
        }
        case PHASE_DOCS ->
            enter(once("docs", "context/docs.md", "# How it is used"), Phase.PHASE_DONE);
        case PHASE_UNSPECIFIED, PHASE_DONE, UNRECOGNIZED ->
            throw new RunFailure("NO_PHASES", "the session has no phases", false);
      }
    }
    run.output(Values.of("done"));
  }

  private Phase phase() {
    var request = GetSessionRequest.newBuilder().setSessionId(run.run().getSessionId()).build();
    return run.call(SessionServiceGrpc.getGetSessionMethod(), request).getPhase();
  }

  /// A step that writes a file.
  private String once(String key, String path, String content) {
    run.step(key, () -> write(path, content));
    return key;
  }

  private Value write(String path, String content) {
    var file = directory.resolve(path);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    run.syncArtifacts(directory);
    return Values.of(path);
  }

  private void plan() {
    for (var number = 1; number <= CHECKPOINTS; number++) {
      var request =
          CreateCheckpointRequest.newBuilder()
              .setSessionId(run.run().getSessionId())
              .setNumber(number)
              .setTitle("Piece " + number)
              .setRequestId(run.run().getId() + "/checkpoint-" + number)
              .build();
      try {
        run.call(CheckpointServiceGrpc.getCreateCheckpointMethod(), request);
      } catch (StatusRuntimeException failure) {
        if (failure.getStatus().getCode() != Code.ALREADY_EXISTS) {
          throw failure;
        }
      }
    }
  }

  private void build() {
    for (var number = 1; number <= CHECKPOINTS; number++) {
      once("build-" + number, "context/piece-" + number + ".md", "Piece " + number);
      var request =
          CompleteCheckpointRequest.newBuilder()
              .setSessionId(run.run().getSessionId())
              .setNumber(number)
              .build();
      run.call(CheckpointServiceGrpc.getCompleteCheckpointMethod(), request);
    }
  }

  /// Its request is the same in every attempt, so that a phase is entered once.
  private void enter(String after, Phase phase) {
    var request =
        AdvancePhaseRequest.newBuilder()
            .setSessionId(run.run().getSessionId())
            .setPhase(phase)
            .setRequestId(run.run().getId() + "/after-" + after)
            .build();
    run.call(SessionServiceGrpc.getAdvancePhaseMethod(), request);
  }
}
