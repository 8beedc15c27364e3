package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Struct;
import dev.agentserver.agentrun.agent.AgentProto;
import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.RunStore.Outcome;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.ProviderUsage;
import dev.agentserver.agentrun.v1.BeginStepRequest;
import dev.agentserver.agentrun.v1.BeginStepResponse;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.RunInput;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunStep;
import dev.agentserver.agentrun.v1.RunToken;
import dev.agentserver.kit.json.JsonText;
import java.util.Locale;
import java.util.UUID;

/// Leases, steps, interrupts and inputs between the contract and the domain.
final class WorkProto {
  private static final int MAX_SCHEMA = 64 * 1024;

  private WorkProto() {}

  static RunLease toProto(Lease lease) {
    var progress = lease.run().progress();
    var proto =
        RunLease.newBuilder()
            .setRun(RunProto.toProto(lease.run()))
            .setLeaseEpoch(progress.leaseEpoch())
            .setToken(toProto(lease.token()));
    if (progress.leaseExpiresAt() != null) {
      proto.setLeaseExpiresAt(timestamp(progress.leaseExpiresAt()));
    }
    if (lease.agent() != null) {
      LeaseProto.equip(proto, lease, AgentProto.toProto(lease.agent()));
    }
    LeaseProto.surround(proto, lease.surroundings());
    return proto.build();
  }

  static RunToken toProto(Tokens.Token token) {
    return RunToken.newBuilder()
        .setToken(token.jwt())
        .setExpiresAt(timestamp(token.expiresAt()))
        .build();
  }

  static Step.Draft draft(BeginStepRequest request) {
    var kind = request.getKind().getNumber() == 0 ? "OTHER" : request.getKind().name().substring(5);
    return new Step.Draft(
        clean(request.getStepKey()),
        Step.Kind.valueOf(kind),
        clean(request.getName()),
        uuidOrNull(request.getToolId()),
        cleanOrNull(request.getParentStepKey()),
        request.hasInput() ? RunProto.json("input", request.getInput()) : null);
  }

  static Interrupt.Draft draft(RequestInterruptRequest request) {
    return new Interrupt.Draft(
        null,
        Interrupt.Kind.valueOf(request.getKind().name().substring(5)),
        clean(request.getPrompt()),
        request.hasPayload() ? RunProto.json("payload", request.getPayload()) : null,
        request.hasResponseSchema()
            ? ResponseSchema.checked(
                RunProto.bounded(
                    "response_schema",
                    ProtoText.json("response_schema", request.getResponseSchema()),
                    MAX_SCHEMA))
            : null,
        request.hasTimeout() ? RunProto.duration(request.getTimeout()) : null);
  }

  static ProviderUsage usage(dev.agentserver.common.v1.ProviderUsage usage) {
    JsonText.check("usage.raw_usage", usage.getRawUsage());
    return new ProviderUsage(
        clean(usage.getProvider()),
        clean(usage.getModel()),
        clean(usage.getFlavor()),
        new Conditions(
            clean(usage.getTier()).toLowerCase(Locale.ROOT),
            usage.getBatch(),
            clean(usage.getRegion())),
        usage.getRawUsage(),
        usage.getPartial(),
        uuidOrNull(usage.getHoldId()));
  }

  static Outcome outcome(CompleteRunRequest request) {
    return new Outcome(
        null,
        request.hasOutput() ? RunProto.json("output", request.getOutput()) : null,
        uuidOrNull(request.getOutputMessageId()),
        cleanOrNull(request.getExternalSessionId()));
  }

  static Fault fault(String reason, String message) {
    return new Fault(clean(reason), clean(message));
  }

  static BeginStepResponse toProto(Steps.Begun begun) {
    var proto =
        BeginStepResponse.newBuilder()
            .setDecision(BeginStepResponse.Decision.valueOf("DECISION_" + begun.decision().name()))
            .setStep(toProto(begun.step()));
    if (begun.interrupt() != null) {
      proto.setInterrupt(toProto(begun.interrupt()));
    }
    return proto.build();
  }

  static RunStep toProto(Step step) {
    var proto =
        RunStep.newBuilder()
            .setStepKey(step.key())
            .setPosition(step.position())
            .setParentStepKey(orEmpty(step.parentKey()))
            .setKind(RunStep.Kind.valueOf("KIND_" + step.kind().name()))
            .setName(step.name())
            .setState(RunStep.State.valueOf("STATE_" + step.state().name()))
            .setAttempt(step.attempt())
            .setStartedAt(timestamp(step.startedAt()));
    if (step.input() != null) {
      proto.setInput(RunProto.value(step.input()));
    }
    if (step.output() != null) {
      proto.setOutput(RunProto.value(step.output()));
    }
    if (step.fault() != null) {
      proto.setErrorReason(step.fault().reason()).setErrorMessage(step.fault().message());
    }
    if (step.endedAt() != null) {
      proto.setEndedAt(timestamp(step.endedAt()));
    }
    return proto.build();
  }

  static RunInterrupt toProto(Interrupt interrupt) {
    var proto =
        RunInterrupt.newBuilder()
            .setId(interrupt.id().toString())
            .setRunId(interrupt.runId().toString())
            .setStepKey(orEmpty(interrupt.stepKey()))
            .setKind(RunInterrupt.Kind.valueOf("KIND_" + interrupt.kind().name()))
            .setPrompt(interrupt.prompt())
            .setState(RunInterrupt.State.valueOf("STATE_" + interrupt.state().name()))
            .setApproved(interrupt.approved())
            .setResolvedBy(orEmpty(interrupt.actorId()))
            .setExpiresAt(timestamp(interrupt.expiresAt()))
            .setCreatedAt(timestamp(interrupt.createdAt()));
    if (interrupt.payload() != null) {
      proto.setPayload(RunProto.value(interrupt.payload()));
    }
    if (interrupt.responseSchema() != null) {
      proto.setResponseSchema(ProtoText.merge(interrupt.responseSchema(), Struct.newBuilder()));
    }
    if (interrupt.response() != null) {
      proto.setResponse(RunProto.value(interrupt.response()));
    }
    if (interrupt.endedAt() != null) {
      proto.setEndedAt(timestamp(interrupt.endedAt()));
    }
    return proto.build();
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  static Interrupt fromProto(RunInterrupt proto) {
    return new Interrupt(
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getRunId()),
        cleanOrNull(proto.getStepKey()),
        Interrupt.Kind.valueOf(proto.getKind().name().substring(5)),
        proto.getPrompt(),
        proto.hasPayload() ? ProtoText.json("payload", proto.getPayload()) : null,
        proto.hasResponseSchema()
            ? ProtoText.json("response_schema", proto.getResponseSchema())
            : null,
        Interrupt.State.valueOf(proto.getState().name().substring(6)),
        proto.getApproved(),
        proto.hasResponse() ? ProtoText.json("response", proto.getResponse()) : null,
        uuidOrNull(proto.getResolvedBy()),
        instant("expires_at", proto.getExpiresAt()),
        instant("created_at", proto.getCreatedAt()),
        proto.hasEndedAt() ? instant("ended_at", proto.getEndedAt()) : null);
  }

  static RunInput toProto(Input input) {
    return RunInput.newBuilder()
        .setSeq(input.seq())
        .setUserId(input.userId().toString())
        .setContent(RunProto.value(input.content()))
        .setCreatedAt(timestamp(input.createdAt()))
        .build();
  }

  static Input fromProto(RunInput proto) {
    return new Input(
        proto.getSeq(),
        UUID.fromString(proto.getUserId()),
        ProtoText.json("content", proto.getContent()),
        instant("created_at", proto.getCreatedAt()));
  }
}
