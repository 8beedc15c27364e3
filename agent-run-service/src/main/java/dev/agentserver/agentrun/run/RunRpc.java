package dev.agentserver.agentrun.run;

import com.google.protobuf.Message;
import dev.agentserver.agentrun.v1.CancelRunRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.CreateRunResponse;
import dev.agentserver.agentrun.v1.GetRunRequest;
import dev.agentserver.agentrun.v1.ListInterruptsRequest;
import dev.agentserver.agentrun.v1.ListInterruptsResponse;
import dev.agentserver.agentrun.v1.ListRunsRequest;
import dev.agentserver.agentrun.v1.ListRunsResponse;
import dev.agentserver.agentrun.v1.ListStepsRequest;
import dev.agentserver.agentrun.v1.ListStepsResponse;
import dev.agentserver.agentrun.v1.PauseRunRequest;
import dev.agentserver.agentrun.v1.ResolveInterruptRequest;
import dev.agentserver.agentrun.v1.ResumeRunRequest;
import dev.agentserver.agentrun.v1.RetryRunRequest;
import dev.agentserver.agentrun.v1.RunInput;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.agentrun.v1.SendInputRequest;
import dev.agentserver.agentrun.v1.WaitRunRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.LongPoll;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.identity.Caller;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// RunService: translation between the contract and the domain.
final class RunRpc implements BindableService {
  /// Each may have half a MiB.
  private static final int STEPS = 50;

  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  private final Runs runs;
  private final Controls controls;
  private final Steps steps;
  private final Interrupts interrupts;
  private final Leases leases;
  private final PageSizes pages;

  RunRpc(
      Runs runs,
      Controls controls,
      Steps steps,
      Interrupts interrupts,
      Leases leases,
      PageSizes pages) {
    this.runs = runs;
    this.controls = controls;
    this.steps = steps;
    this.interrupts = interrupts;
    this.leases = leases;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RunServiceGrpc.getServiceDescriptor())
        .unary(RunServiceGrpc.getCreateRunMethod(), this::create)
        .unary(RunServiceGrpc.getGetRunMethod(), this::get)
        .unary(RunServiceGrpc.getListRunsMethod(), this::list)
        .unary(RunServiceGrpc.getWaitRunMethod(), this::await)
        .unary(RunServiceGrpc.getCancelRunMethod(), this::cancel)
        .unary(RunServiceGrpc.getPauseRunMethod(), this::pause)
        .unary(RunServiceGrpc.getResumeRunMethod(), this::resume)
        .unary(RunServiceGrpc.getRetryRunMethod(), this::retry)
        .unary(RunServiceGrpc.getSendInputMethod(), this::send)
        .unary(RunServiceGrpc.getListStepsMethod(), this::steps)
        .unary(RunServiceGrpc.getListInterruptsMethod(), this::interrupts)
        .unary(RunServiceGrpc.getResolveInterruptMethod(), this::resolve)
        .build();
  }

  private CreateRunResponse create(CreateRunRequest request) {
    var caller = Callers.current();
    var attempt =
        Attempts.<CreateRunRequest, CreateRunResponse, Run>of(
            RunServiceGrpc.getCreateRunMethod(),
            request,
            run -> CreateRunResponse.newBuilder().setRun(RunProto.toProto(run)).build(),
            stored -> RunProto.fromProto(caller.tenantId(), stored.getRun()));
    var run = runs.create(caller, attempt, RunProto.draft(request));
    var reply = CreateRunResponse.newBuilder().setRun(RunProto.toProto(run));
    if (run.terms().selfExecute()) {
      reply.setLease(WorkProto.toProto(leases.own(run)));
    }
    return reply.build();
  }

  private dev.agentserver.agentrun.v1.Run get(GetRunRequest request) {
    return RunProto.toProto(runs.get(Callers.current(), UUID.fromString(request.getRunId())));
  }

  private dev.agentserver.agentrun.v1.Run await(WaitRunRequest request) {
    return RunProto.toProto(
        runs.await(
            Callers.current(),
            UUID.fromString(request.getRunId()),
            LongPoll.wait(request.getWait())));
  }

  private ListRunsResponse list(ListRunsRequest request) {
    var caller = Callers.current();
    var filter = RunProto.filter(request);
    var scope = scope(caller, RunServiceGrpc.getListRunsMethod(), filter.toString());
    var after =
        scope
            .position(
                request.getPageToken(),
                keys ->
                    new RunListStore.Position(
                        Instant.parse(keys.getFirst()), UUID.fromString(keys.get(1))))
            .orElse(null);
    var page = runs.list(caller, filter, after, pages.of(request.getPageSize()));
    return ListRunsResponse.newBuilder()
        .addAllRuns(RunProto.toProtos(page.runs()))
        .setNextPageToken(
            page.next() == null
                ? ""
                : scope.token(
                    List.of(page.next().createdAt().toString(), page.next().runId().toString())))
        .build();
  }

  private dev.agentserver.agentrun.v1.Run cancel(CancelRunRequest request) {
    var caller = Callers.current();
    var id = UUID.fromString(request.getRunId());
    return RunProto.toProto(
        controls.cancel(caller, attempt(caller, RunServiceGrpc.getCancelRunMethod(), request), id));
  }

  private dev.agentserver.agentrun.v1.Run pause(PauseRunRequest request) {
    var caller = Callers.current();
    var id = UUID.fromString(request.getRunId());
    return RunProto.toProto(
        controls.pause(caller, attempt(caller, RunServiceGrpc.getPauseRunMethod(), request), id));
  }

  private dev.agentserver.agentrun.v1.Run resume(ResumeRunRequest request) {
    var caller = Callers.current();
    var id = UUID.fromString(request.getRunId());
    return RunProto.toProto(
        controls.resume(caller, attempt(caller, RunServiceGrpc.getResumeRunMethod(), request), id));
  }

  private dev.agentserver.agentrun.v1.Run retry(RetryRunRequest request) {
    var caller = Callers.current();
    return RunProto.toProto(
        runs.retry(
            caller,
            attempt(caller, RunServiceGrpc.getRetryRunMethod(), request),
            UUID.fromString(request.getRunId()),
            RunProto.strategy(request.getMultitaskStrategy())));
  }

  private RunInput send(SendInputRequest request) {
    var attempt =
        Attempts.<SendInputRequest, RunInput, Input>of(
            RunServiceGrpc.getSendInputMethod(), request, WorkProto::toProto, WorkProto::fromProto);
    return WorkProto.toProto(
        controls.send(
            Callers.current(),
            attempt,
            UUID.fromString(request.getRunId()),
            RunProto.json("content", request.getContent())));
  }

  /// A page ends at 2 MiB, with at least one step.
  private ListStepsResponse steps(ListStepsRequest request) {
    var caller = Callers.current();
    var scope = scope(caller, RunServiceGrpc.getListStepsMethod(), request.getRunId());
    var after =
        scope.position(request.getPageToken(), keys -> Integer.valueOf(keys.getFirst())).orElse(0);
    var size = Math.min(pages.of(request.getPageSize()), STEPS);
    var found = steps.list(caller, UUID.fromString(request.getRunId()), after, size + 1);
    var reply = ListStepsResponse.newBuilder();
    var bytes = 0;
    for (var step : found) {
      var proto = WorkProto.toProto(step);
      bytes += proto.getSerializedSize();
      if (reply.getStepsCount() == size || (reply.getStepsCount() > 0 && bytes > PAGE_BYTES)) {
        var last = reply.getSteps(reply.getStepsCount() - 1).getPosition();
        return reply.setNextPageToken(scope.token(List.of(Integer.toString(last)))).build();
      }
      reply.addSteps(proto);
    }
    return reply.build();
  }

  private ListInterruptsResponse interrupts(ListInterruptsRequest request) {
    var caller = Callers.current();
    var scope = scope(caller, RunServiceGrpc.getListInterruptsMethod(), request.getRunId());
    var after =
        scope
            .position(
                request.getPageToken(),
                keys ->
                    new InterruptStore.Position(
                        Instant.parse(keys.getFirst()), UUID.fromString(keys.get(1))))
            .orElse(null);
    var page =
        interrupts.list(
            caller, UUID.fromString(request.getRunId()), after, pages.of(request.getPageSize()));
    return ListInterruptsResponse.newBuilder()
        .addAllInterrupts(page.interrupts().stream().map(WorkProto::toProto).toList())
        .setNextPageToken(
            page.next() == null
                ? ""
                : scope.token(
                    Stream.of(page.next().createdAt(), page.next().interruptId())
                        .map(Object::toString)
                        .toList()))
        .build();
  }

  private RunInterrupt resolve(ResolveInterruptRequest request) {
    var attempt =
        Attempts.<ResolveInterruptRequest, RunInterrupt, Interrupt>of(
            RunServiceGrpc.getResolveInterruptMethod(),
            request,
            WorkProto::toProto,
            WorkProto::fromProto);
    return WorkProto.toProto(
        interrupts.resolve(
            Callers.current(),
            attempt,
            UUID.fromString(request.getRunId()),
            UUID.fromString(request.getInterruptId()),
            request.getApproved(),
            request.hasResponse() ? RunProto.json("response", request.getResponse()) : null));
  }

  static <Q extends Message> Attempt<Run> attempt(
      Caller caller, MethodDescriptor<Q, dev.agentserver.agentrun.v1.Run> method, Q request) {
    return Attempts.of(
        method,
        request,
        RunProto::toProto,
        stored -> RunProto.fromProto(caller.tenantId(), stored));
  }

  private static PageScope scope(Caller caller, MethodDescriptor<?, ?> method, String filter) {
    return new PageScope(caller, method.getFullMethodName(), filter);
  }
}
