package dev.agentserver.worker;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.FailRunRequest;
import dev.agentserver.agentrun.v1.ReleaseRunRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;

/// How a run is left: completed, failed or let go of, each safe to repeat.
final class Ending {
  private static final String END = "end";

  private final Lease lease;
  private final RunContext run;

  Ending(Lease lease, RunContext run) {
    this.lease = lease;
    this.run = run;
  }

  void complete() {
    run.messages().failOpen("the worker left it");
    var request =
        CompleteRunRequest.newBuilder()
            .setRunId(lease.run().getId())
            .setLeaseEpoch(lease.epoch())
            .setOutputMessageId(run.messages().answer())
            .setExternalSessionId(run.externalSession())
            .setRequestId(lease.name(END));
    if (run.output().getKindCase() != Value.KindCase.KIND_NOT_SET) {
      request.setOutput(run.output());
    }
    lease.call(WorkerServiceGrpc.getCompleteRunMethod(), request.build());
  }

  void fail(RunFailure failure) {
    run.messages().failOpen(failure.text());
    var request =
        FailRunRequest.newBuilder()
            .setRunId(lease.run().getId())
            .setLeaseEpoch(lease.epoch())
            .setReason(failure.reason())
            .setMessage(failure.text())
            .setRetryable(failure.retryable())
            .setExternalSessionId(run.externalSession())
            .setRequestId(lease.name(END))
            .build();
    lease.call(WorkerServiceGrpc.getFailRunMethod(), request);
  }

  /// What is written of messages stays for the next attempt, unless there is none.
  void release(Stopped.Reason why) {
    if (why == Stopped.Reason.CANCELLED) {
      run.messages().failOpen("cancelled");
      if (!lease.awaitCancel()) {
        fail(new RunFailure("CANCELLED", "its answer was stopped", false));
        return;
      }
    }
    lease.call(WorkerServiceGrpc.getReleaseRunMethod(), request(lease, run.externalSession()));
  }

  static ReleaseRunRequest request(Lease lease, String externalSession) {
    return ReleaseRunRequest.newBuilder()
        .setRunId(lease.run().getId())
        .setLeaseEpoch(lease.epoch())
        .setExternalSessionId(externalSession)
        .setRequestId(lease.name(END))
        .build();
  }
}
