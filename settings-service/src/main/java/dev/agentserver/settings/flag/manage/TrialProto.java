package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.v1.EvaluateFlagRequest;
import dev.agentserver.settings.v1.EvaluateFlagResponse;
import dev.agentserver.settings.v1.FlagPrerequisite;

/// A trial in the contract.
final class TrialProto {
  private TrialProto() {}

  static EvaluateFlagResponse evaluate(Trial trial, Caller caller, EvaluateFlagRequest request) {
    var outcome =
        trial.evaluate(
            caller,
            request.getEnvironment(),
            request.getKey(),
            StructProto.map(request.getContext(), "context"));
    var resolution = outcome.resolution();
    var response =
        EvaluateFlagResponse.newBuilder()
            .setReason(resolution.reason().name())
            .setVariant(resolution.variant().orElse(""))
            .setErrorCode(resolution.error().map(Enum::name).orElse(""))
            .setErrorMessage(resolution.message())
            .setMetadata(StructProto.struct(resolution.metadata()));
    if (resolution.hasValue()) {
      response.setValue(StructProto.value(resolution.value()));
    }
    outcome
        .unmet()
        .ifPresent(
            needed ->
                response.setUnmet(
                    FlagPrerequisite.newBuilder()
                        .setKey(needed.key())
                        .setVariant(needed.variant())));
    return response.build();
  }
}
