package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.text.ProtoText.clean;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.AcquireRunResponse;
import dev.agentserver.agentrun.v1.BeginStepRequest;
import dev.agentserver.agentrun.v1.BeginStepResponse;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.CompleteStepRequest;
import dev.agentserver.agentrun.v1.FailRunRequest;
import dev.agentserver.agentrun.v1.FailStepRequest;
import dev.agentserver.agentrun.v1.HeartbeatRequest;
import dev.agentserver.agentrun.v1.HeartbeatResponse;
import dev.agentserver.agentrun.v1.PullInputsRequest;
import dev.agentserver.agentrun.v1.PullInputsResponse;
import dev.agentserver.agentrun.v1.ReleaseRunRequest;
import dev.agentserver.agentrun.v1.RenewRunTokenRequest;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunStep;
import dev.agentserver.agentrun.v1.RunToken;
import dev.agentserver.agentrun.v1.WorkStreamRequest;
import dev.agentserver.agentrun.v1.WorkStreamResponse;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.LongPoll;
import dev.agentserver.kit.grpc.Receiver;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.kit.idempotency.Writes;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// WorkerService: translation between the contract and the domain.
final class WorkerRpc implements BindableService {
  private final Writes writes;
  private final Leases leases;
  private final Steps steps;
  private final Interrupts interrupts;
  private final Controls controls;
  private final WorkStreams streams;

  WorkerRpc(
      Writes writes,
      Leases leases,
      Steps steps,
      Interrupts interrupts,
      Controls controls,
      WorkStreams streams) {
    this.writes = writes;
    this.leases = leases;
    this.steps = steps;
    this.interrupts = interrupts;
    this.controls = controls;
    this.streams = streams;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(WorkerServiceGrpc.getServiceDescriptor())
        .unary(WorkerServiceGrpc.getAcquireRunMethod(), this::acquire)
        .bidiStream(WorkerServiceGrpc.getWorkStreamMethod(), this::work)
        .unary(WorkerServiceGrpc.getHeartbeatMethod(), this::heartbeat)
        .unary(WorkerServiceGrpc.getRenewRunTokenMethod(), this::renew)
        .unary(WorkerServiceGrpc.getPullInputsMethod(), this::inputs)
        .unary(WorkerServiceGrpc.getBeginStepMethod(), this::begin)
        .unary(WorkerServiceGrpc.getCompleteStepMethod(), this::completeStep)
        .unary(WorkerServiceGrpc.getFailStepMethod(), this::failStep)
        .unary(WorkerServiceGrpc.getRequestInterruptMethod(), this::interrupt)
        .unary(WorkerServiceGrpc.getCompleteRunMethod(), this::complete)
        .unary(WorkerServiceGrpc.getFailRunMethod(), this::fail)
        .unary(WorkerServiceGrpc.getReleaseRunMethod(), this::release)
        .build();
  }

  private AcquireRunResponse acquire(AcquireRunRequest request) {
    var lease =
        leases.acquire(
            Callers.current(),
            WorkStreamProto.queues(request.getQueuesList()),
            clean(request.getLabelsMap()),
            clean(request.getRequestId()),
            LongPoll.wait(request.getWait()));
    var reply = AcquireRunResponse.newBuilder();
    lease.ifPresent(found -> reply.setLease(WorkProto.toProto(found)));
    return reply.build();
  }

  private HeartbeatResponse heartbeat(HeartbeatRequest request) {
    var run = leases.heartbeat(Callers.current(), id(request.getRunId()), request.getLeaseEpoch());
    return WorkStreamProto.wanted(run, run.progress().inputSeq() > request.getInputSeq());
  }

  private void work(Receiver<WorkStreamRequest> requests, Sender<WorkStreamResponse> replies) {
    streams.run(
        Callers.current(),
        requests.next().map(WorkStreamProto::step),
        () -> requests.whenever().map(WorkStreamProto::step),
        news -> replies.send(WorkStreamProto.toProto(news)));
  }

  private RunToken renew(RenewRunTokenRequest request) {
    return WorkProto.toProto(
        leases.renew(Callers.current(), id(request.getRunId()), request.getLeaseEpoch()));
  }

  private PullInputsResponse inputs(PullInputsRequest request) {
    var found =
        controls.inputs(
            Callers.current(),
            id(request.getRunId()),
            request.getLeaseEpoch(),
            request.getAfterSeq());
    return PullInputsResponse.newBuilder()
        .addAllInputs(found.stream().map(WorkProto::toProto).toList())
        .build();
  }

  private BeginStepResponse begin(BeginStepRequest request) {
    return WorkProto.toProto(
        steps.begin(
            Callers.current(),
            id(request.getRunId()),
            request.getLeaseEpoch(),
            WorkProto.draft(request)));
  }

  private RunStep completeStep(CompleteStepRequest request) {
    return WorkProto.toProto(
        steps.complete(
            Callers.current(),
            id(request.getRunId()),
            request.getLeaseEpoch(),
            clean(request.getStepKey()),
            request.hasOutput() ? RunProto.json("output", request.getOutput()) : null,
            request.hasUsage() ? WorkProto.usage(request.getUsage()) : null));
  }

  private RunStep failStep(FailStepRequest request) {
    return WorkProto.toProto(
        steps.fail(
            Callers.current(),
            id(request.getRunId()),
            request.getLeaseEpoch(),
            clean(request.getStepKey()),
            WorkProto.fault(request.getReason(), request.getMessage())));
  }

  private RunInterrupt interrupt(RequestInterruptRequest request) {
    var caller = Callers.current();
    var attempt =
        Attempts.<RequestInterruptRequest, RunInterrupt, Interrupt>of(
            WorkerServiceGrpc.getRequestInterruptMethod(),
            request,
            WorkProto::toProto,
            WorkProto::fromProto);
    var draft = WorkProto.draft(request);
    return WorkProto.toProto(
        writes.once(
            caller,
            attempt,
            db ->
                interrupts.open(
                    db,
                    leases.heldToEnd(db, caller, id(request.getRunId()), request.getLeaseEpoch()),
                    draft)));
  }

  private dev.agentserver.agentrun.v1.Run complete(CompleteRunRequest request) {
    var caller = Callers.current();
    return RunProto.toProto(
        writes.once(
            caller,
            RunRpc.attempt(caller, WorkerServiceGrpc.getCompleteRunMethod(), request),
            db ->
                leases.complete(
                    db,
                    caller,
                    id(request.getRunId()),
                    request.getLeaseEpoch(),
                    WorkProto.outcome(request))));
  }

  private dev.agentserver.agentrun.v1.Run fail(FailRunRequest request) {
    var caller = Callers.current();
    return RunProto.toProto(
        writes.once(
            caller,
            RunRpc.attempt(caller, WorkerServiceGrpc.getFailRunMethod(), request),
            db ->
                leases.fail(
                    db,
                    caller,
                    id(request.getRunId()),
                    request.getLeaseEpoch(),
                    WorkProto.fault(request.getReason(), request.getMessage()),
                    request.getRetryable(),
                    clean(request.getExternalSessionId()))));
  }

  private dev.agentserver.agentrun.v1.Run release(ReleaseRunRequest request) {
    var caller = Callers.current();
    return RunProto.toProto(
        writes.once(
            caller,
            RunRpc.attempt(caller, WorkerServiceGrpc.getReleaseRunMethod(), request),
            db ->
                leases.release(
                    db,
                    caller,
                    id(request.getRunId()),
                    request.getLeaseEpoch(),
                    clean(request.getExternalSessionId()))));
  }

  private static UUID id(String text) {
    return UUID.fromString(text);
  }
}
