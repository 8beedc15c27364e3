package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.run.NewRun.Strategy;
import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.Run.Progress;
import dev.agentserver.agentrun.run.Run.Terms;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.ListRunsRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Runs between the contract and the domain.
final class RunProto {
  private static final String STATE = "STATE_";
  private static final String TYPE = "TYPE_";
  private static final String STRATEGY = "MULTITASK_STRATEGY_";
  private static final int MAX_JSON = 256 * 1024;

  private RunProto() {}

  static NewRun draft(CreateRunRequest request) {
    return new NewRun(
        uuidOrNull(request.getRunId()),
        uuidOrNull(request.getAgentId()),
        uuidOrNull(request.getConversationId()),
        uuidOrNull(request.getSessionId()),
        uuidOrNull(request.getInputMessageId()),
        uuidOrNull(request.getParentRunId()),
        request.getType().getNumber() == 0
            ? null
            : request.getType().name().substring(TYPE.length()),
        request.hasInput() ? json("input", request.getInput()) : null,
        clean(request.getQueue()),
        strategy(request.getMultitaskStrategy()),
        request.getSelfExecute(),
        request.getMaxAttempts(),
        request.hasTimeout() ? duration(request.getTimeout()) : null,
        cleanOrNull(request.getExternalId()),
        cleanOrNull(request.getExternalSessionId()),
        clean(request.getMetadataMap()));
  }

  static Strategy strategy(MultitaskStrategy strategy) {
    return strategy == MultitaskStrategy.MULTITASK_STRATEGY_UNSPECIFIED
        ? Strategy.REJECT
        : Strategy.valueOf(strategy.name().substring(STRATEGY.length()));
  }

  static RunFilter filter(ListRunsRequest request) {
    return new RunFilter(
        request.getStatesList().stream()
            .filter(state -> state.getNumber() != 0)
            .map(state -> RunState.valueOf(state.name().substring(STATE.length())))
            .distinct()
            .toList(),
        uuidOrNull(request.getAgentId()),
        uuidOrNull(request.getUserId()),
        uuidOrNull(request.getSessionId()),
        uuidOrNull(request.getConversationId()),
        uuidOrNull(request.getParentRunId()),
        request.hasStartTime() ? instant("start_time", request.getStartTime()) : null,
        request.hasEndTime() ? instant("end_time", request.getEndTime()) : null,
        request.hasMinDuration() ? duration(request.getMinDuration()) : null,
        request.hasMaxDuration() ? duration(request.getMaxDuration()) : null,
        cleanOrNull(request.getErrorReason()),
        cleanOrNull(request.getExternalId()),
        clean(request.getMetadataMap()));
  }

  static dev.agentserver.agentrun.v1.Run toProto(Run run) {
    var terms = run.terms();
    var progress = run.progress();
    var proto =
        dev.agentserver.agentrun.v1.Run.newBuilder()
            .setId(run.id().toString())
            .setState(dev.agentserver.agentrun.v1.Run.State.valueOf(STATE + run.state().name()))
            .setUserId(run.key().userId().toString())
            .setAgentId(orEmpty(terms.agentId()))
            .setAgentVersion(terms.agentVersion())
            .setQueue(terms.queue())
            .setSessionId(orEmpty(run.key().sessionId()))
            .setConversationId(orEmpty(run.key().conversationId()))
            .setInputMessageId(orEmpty(terms.inputMessageId()))
            .setOutputMessageId(orEmpty(progress.outputMessageId()))
            .setParentRunId(orEmpty(terms.parentRunId()))
            .setRetryOfRunId(orEmpty(terms.retryOfRunId()))
            .setExternalSessionId(orEmpty(progress.externalSessionId()))
            .setSelfExecute(terms.selfExecute())
            .setExternalId(orEmpty(terms.externalId()))
            .putAllMetadata(terms.metadata())
            .setAttempt(progress.attempt())
            .setMaxAttempts(terms.maxAttempts())
            .setPauseRequested(progress.pauseRequested())
            .setStepCount(progress.stepCount())
            .setSupersededByRunId(orEmpty(progress.supersededBy()))
            .setCreatedAt(timestamp(terms.createdAt()))
            .setUpdatedAt(timestamp(progress.updatedAt()))
            .setDeadlineAt(timestamp(terms.deadlineAt()));
    if (terms.type() != null) {
      proto.setType(dev.agentserver.agentrun.v1.Run.Type.valueOf(TYPE + terms.type()));
    }
    if (run.input() != null) {
      proto.setInput(value(run.input()));
    }
    if (run.output() != null) {
      proto.setOutput(value(run.output()));
    }
    if (progress.fault() != null) {
      proto.setErrorReason(progress.fault().reason()).setErrorMessage(progress.fault().message());
    }
    if (progress.startedAt() != null) {
      proto.setStartedAt(timestamp(progress.startedAt()));
    }
    if (progress.endedAt() != null) {
      proto.setEndedAt(timestamp(progress.endedAt()));
    }
    return proto.build();
  }

  /// The inverse of [#toProto], for replaying a stored reply to whoever asked: what is not answered
  /// is not there.
  static Run fromProto(UUID tenantId, dev.agentserver.agentrun.v1.Run proto) {
    var selfExecute = proto.getSelfExecute();
    var terms =
        new Terms(
            uuidOrNull(proto.getAgentId()),
            proto.getAgentVersion(),
            proto.getType().getNumber() == 0
                ? null
                : proto.getType().name().substring(TYPE.length()),
            proto.getQueue(),
            selfExecute,
            null,
            uuidOrNull(proto.getInputMessageId()),
            uuidOrNull(proto.getParentRunId()),
            uuidOrNull(proto.getRetryOfRunId()),
            cleanOrNull(proto.getExternalId()),
            proto.getMetadataMap(),
            proto.getMaxAttempts(),
            instant("created_at", proto.getCreatedAt()),
            instant("deadline_at", proto.getDeadlineAt()));
    var progress =
        new Progress(
            RunState.valueOf(proto.getState().name().substring(STATE.length())),
            proto.getAttempt(),
            selfExecute ? 1 : 0,
            null,
            null,
            null,
            proto.getPauseRequested(),
            uuidOrNull(proto.getSupersededByRunId()),
            Duration.ZERO,
            null,
            0,
            proto.getStepCount(),
            uuidOrNull(proto.getOutputMessageId()),
            cleanOrNull(proto.getExternalSessionId()),
            proto.getErrorReason().isEmpty()
                ? null
                : new Fault(proto.getErrorReason(), proto.getErrorMessage()),
            proto.hasStartedAt() ? instant("started_at", proto.getStartedAt()) : null,
            proto.hasEndedAt() ? instant("ended_at", proto.getEndedAt()) : null,
            instant("updated_at", proto.getUpdatedAt()));
    return new Run(
        new RunKey(
            tenantId,
            UUID.fromString(proto.getId()),
            UUID.fromString(proto.getUserId()),
            uuidOrNull(proto.getSessionId()),
            uuidOrNull(proto.getConversationId())),
        terms,
        progress,
        proto.hasInput() ? json("input", proto.getInput()) : null,
        proto.hasOutput() ? json("output", proto.getOutput()) : null,
        Instant.EPOCH);
  }

  static List<dev.agentserver.agentrun.v1.Run> toProtos(List<Run> runs) {
    return runs.stream().map(RunProto::toProto).toList();
  }

  static String json(String field, Value value) {
    return bounded(field, ProtoText.json(field, value), MAX_JSON);
  }

  static String bounded(String field, String json, int most) {
    if (json.getBytes(StandardCharsets.UTF_8).length > most) {
      throw Problem.invalid(field, "must be at most " + most / 1024 + " KiB of JSON");
    }
    return json;
  }

  static Value value(String json) {
    return ProtoText.merge(json, Value.newBuilder()).build();
  }

  static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }
}
