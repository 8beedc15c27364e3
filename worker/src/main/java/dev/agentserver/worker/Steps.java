package dev.agentserver.worker;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.BeginStepRequest;
import dev.agentserver.agentrun.v1.BeginStepResponse;
import dev.agentserver.agentrun.v1.CompleteStepRequest;
import dev.agentserver.agentrun.v1.FailStepRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import java.util.function.Supplier;

/// What a run does, step by step, so that what is done is not done again.
final class Steps {
  private final Lease lease;

  Steps(Lease lease) {
    this.lease = lease;
  }

  /// What came out of the step, now or in an earlier attempt.
  Value take(Step step, Supplier<StepResult> work) {
    lease.check();
    var begun = begin(step);
    return switch (begun.getDecision()) {
      case DECISION_EXECUTE -> execute(step, work);
      case DECISION_RECORDED -> begun.getStep().getOutput();
      case DECISION_DENIED -> throw RunFailure.denied(step.key());
      case DECISION_APPROVAL_REQUIRED -> {
        lease.stop(Stopped.Reason.WAITING);
        throw new Stopped(Stopped.Reason.WAITING);
      }
      case DECISION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalStateException("a decision this library does not know");
    };
  }

  private Value execute(Step step, Supplier<StepResult> work) {
    StepResult result;
    try {
      result = work.get();
    } catch (Stopped stopped) {
      throw stopped;
    } catch (RuntimeException failure) {
      lease.check();
      fail(step, RunFailure.of(failure));
      throw failure;
    }
    complete(step, result);
    return result.output();
  }

  private BeginStepResponse begin(Step step) {
    var request =
        BeginStepRequest.newBuilder()
            .setRunId(lease.run().getId())
            .setLeaseEpoch(lease.epoch())
            .setStepKey(step.key())
            .setKind(step.kind())
            .setName(step.name())
            .setToolId(step.toolId())
            .setParentStepKey(step.parentKey());
    if (step.input().getKindCase() != Value.KindCase.KIND_NOT_SET) {
      request.setInput(step.input());
    }
    return lease.call(WorkerServiceGrpc.getBeginStepMethod(), request.build());
  }

  private void complete(Step step, StepResult result) {
    var request =
        CompleteStepRequest.newBuilder()
            .setRunId(lease.run().getId())
            .setLeaseEpoch(lease.epoch())
            .setStepKey(step.key())
            .setOutput(result.output());
    result.usage().ifPresent(request::setUsage);
    lease.call(WorkerServiceGrpc.getCompleteStepMethod(), request.build());
  }

  private void fail(Step step, RunFailure failure) {
    var request =
        FailStepRequest.newBuilder()
            .setRunId(lease.run().getId())
            .setLeaseEpoch(lease.epoch())
            .setStepKey(step.key())
            .setReason(failure.reason())
            .setMessage(failure.text())
            .build();
    lease.call(WorkerServiceGrpc.getFailStepMethod(), request);
  }
}
