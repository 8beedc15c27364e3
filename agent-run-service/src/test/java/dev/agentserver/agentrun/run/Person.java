package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.BeginStepRequest;
import dev.agentserver.agentrun.v1.BeginStepResponse;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.FailRunRequest;
import dev.agentserver.agentrun.v1.GetRunRequest;
import dev.agentserver.agentrun.v1.HeartbeatRequest;
import dev.agentserver.agentrun.v1.HeartbeatResponse;
import dev.agentserver.agentrun.v1.ReleaseRunRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.agentrun.v1.RunServiceGrpc.RunServiceBlockingStub;
import dev.agentserver.agentrun.v1.RunStep;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc.WorkerServiceBlockingStub;
import dev.agentserver.kit.identity.Caller;
import io.grpc.Channel;
import java.util.UUID;

/// Somebody who calls the service, as a user or as a worker.
record Person(
    Caller caller, Channel channel, RunServiceBlockingStub runs, WorkerServiceBlockingStub work) {
  Person(Caller caller, Channel channel) {
    this(
        caller,
        channel,
        RunServiceGrpc.newBlockingStub(channel),
        WorkerServiceGrpc.newBlockingStub(channel));
  }

  Run create(UUID agent) {
    return create(CreateRunRequest.newBuilder().setAgentId(agent.toString()));
  }

  Run create(CreateRunRequest.Builder request) {
    return runs.createRun(request.build()).getRun();
  }

  Run get(Run run) {
    return runs.getRun(GetRunRequest.newBuilder().setRunId(run.getId()).build());
  }

  /// The lease of a run that waits; a default one where there is none.
  RunLease acquire(String... queues) {
    return work.acquireRun(
            AcquireRunRequest.newBuilder().addAllQueues(java.util.List.of(queues)).build())
        .getLease();
  }

  HeartbeatResponse heartbeat(RunLease lease) {
    return work.heartbeat(
        HeartbeatRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .build());
  }

  Run complete(RunLease lease) {
    return work.completeRun(
        CompleteRunRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .build());
  }

  Run fail(RunLease lease, boolean retryable) {
    return work.failRun(
        FailRunRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setReason("NO_LUCK")
            .setRetryable(retryable)
            .build());
  }

  Run release(RunLease lease) {
    return work.releaseRun(
        ReleaseRunRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .build());
  }

  BeginStepResponse tool(RunLease lease, String key, UUID tool) {
    return work.beginStep(
        BeginStepRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setStepKey(key)
            .setKind(RunStep.Kind.KIND_TOOL)
            .setName("a tool")
            .setToolId(tool.toString())
            .build());
  }

  BeginStepResponse step(RunLease lease, String key) {
    return work.beginStep(
        BeginStepRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setStepKey(key)
            .build());
  }
}
