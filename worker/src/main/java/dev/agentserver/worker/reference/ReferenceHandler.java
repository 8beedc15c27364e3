package dev.agentserver.worker.reference;

import com.google.protobuf.Struct;
import dev.agentserver.worker.RunContext;
import dev.agentserver.worker.RunFailure;
import dev.agentserver.worker.RunHandler;
import dev.agentserver.worker.reference.model.ModelAnswer;
import java.io.IOException;
import java.util.Optional;

/// Does with a run what its input or its agent says: see [Behavior].
final class ReferenceHandler implements RunHandler {
  private final Slow slow;
  private final Optional<ModelAnswer> model;

  ReferenceHandler(Slow slow, Optional<ModelAnswer> model) {
    this.slow = slow;
    this.model = model;
  }

  @Override
  public void run(RunContext run) throws IOException {
    var input = Input.of(run.input());
    switch (Behavior.of(run)) {
      case ECHO -> Echo.run(run);
      case TOOLS -> Tools.run(run);
      case SLOW -> slow.run(run, 0);
      case CRASH -> slow.run(run, input.number("attempts", 1));
      case APPROVAL -> approval(run, input);
      case FAIL ->
          throw new RunFailure(
              input.text("reason", "ASKED_TO"),
              input.text("message", "the input says so"),
              input.flag("retryable"));
      case SESSION -> SessionWork.run(run);
      case MODEL ->
          model
              .orElseThrow(() -> new RunFailure("NO_MODEL", "this worker has no model", false))
              .run(run);
    }
  }

  private static void approval(RunContext run, Input input) {
    var prompt = input.text("prompt", "May I go on?");
    var answer = run.approval("approval", prompt, Struct.getDefaultInstance());
    Echo.say(run, answer.getApproved() ? "approved" : "refused");
  }
}
