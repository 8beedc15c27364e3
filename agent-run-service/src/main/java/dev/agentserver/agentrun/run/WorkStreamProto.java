package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.HeartbeatResponse;
import dev.agentserver.agentrun.v1.WorkStreamAlive;
import dev.agentserver.agentrun.v1.WorkStreamCommand;
import dev.agentserver.agentrun.v1.WorkStreamEnded;
import dev.agentserver.agentrun.v1.WorkStreamLease;
import dev.agentserver.agentrun.v1.WorkStreamRequest;
import dev.agentserver.agentrun.v1.WorkStreamResponse;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;

/// Workers' streams between the contract and the domain.
final class WorkStreamProto {
  private WorkStreamProto() {}

  static List<String> queues(List<String> queues) {
    return queues.isEmpty()
        ? List.of(Runs.DEFAULT_QUEUE)
        : queues.stream().map(ProtoText::clean).toList();
  }

  static WorkStep step(WorkStreamRequest request) {
    return switch (request.getStepCase()) {
      case OPEN -> {
        var open = request.getOpen();
        yield new WorkStep.Open(queues(open.getQueuesList()), clean(open.getLabelsMap()));
      }
      case ACQUIRE ->
          new WorkStep.Acquire(
              request.getAcquire().getRequestIdsList().stream().map(ProtoText::clean).toList());
      case HEARTBEAT ->
          new WorkStep.Heartbeat(
              request.getHeartbeat().getLeasesList().stream()
                  .map(
                      lease ->
                          new WorkStep.Beat(
                              UUID.fromString(lease.getRunId()),
                              lease.getLeaseEpoch(),
                              lease.getInputSeq()))
                  .toList());
      case STEP_NOT_SET -> throw Problem.invalid("step", "is required");
    };
  }

  static WorkStreamResponse toProto(WorkNews news) {
    var response = WorkStreamResponse.newBuilder();
    switch (news) {
      case WorkNews.Leased(var requestId, var lease) ->
          response.setLeased(
              WorkStreamLease.newBuilder()
                  .setRequestId(requestId)
                  .setLease(WorkProto.toProto(lease)));
      case WorkNews.Command(var run, var inputAvailable) ->
          response.setCommand(
              WorkStreamCommand.newBuilder()
                  .setRunId(run.id().toString())
                  .setLeaseEpoch(run.progress().leaseEpoch())
                  .setWanted(wanted(run, inputAvailable)));
      case WorkNews.Ended(var lease) ->
          response.setEnded(
              WorkStreamEnded.newBuilder()
                  .setRunId(lease.runId().toString())
                  .setLeaseEpoch(lease.epoch()));
      case WorkNews.Lost(var requestId) ->
          response.setEnded(WorkStreamEnded.newBuilder().setRequestId(requestId));
      case WorkNews.Alive() -> response.setAlive(WorkStreamAlive.getDefaultInstance());
    }
    return response.build();
  }

  static HeartbeatResponse wanted(Run run, boolean inputAvailable) {
    return HeartbeatResponse.newBuilder()
        .setLeaseExpiresAt(timestamp(run.progress().leaseExpiresAt()))
        .setCancelRequested(run.state() == RunState.CANCELLING)
        .setPauseRequested(run.progress().pauseRequested())
        .setInputAvailable(inputAvailable)
        .build();
  }
}
