package dev.agentserver.settings.integration;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.settings.integration.Integration.Attributes;
import dev.agentserver.settings.integration.Integration.Draft;
import dev.agentserver.settings.outbound.ProbeResult;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.v1.TestIntegrationResponse;
import dev.agentserver.settings.v1.TestIntegrationResponse.Outcome;
import dev.agentserver.settings.v1.UpdateIntegrationRequest;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// Integrations in the contract and in the domain.
final class IntegrationProto {
  private static final List<String> ALL = List.of("display_name", "base_url", "settings", "active");

  private IntegrationProto() {}

  static Draft draft(dev.agentserver.settings.v1.Integration proto) {
    return new Draft(
        uuidOrNull(proto.getId()),
        MaskProto.required("integration.name", proto.getName()),
        attributes(proto));
  }

  private static Attributes attributes(dev.agentserver.settings.v1.Integration proto) {
    var settings = new TreeMap<String, String>();
    proto.getSettingsMap().forEach((key, value) -> settings.put(clean(key), clean(value)));
    return new Attributes(
        clean(proto.getDisplayName()),
        clean(proto.getBaseUrl()),
        settings,
        !proto.hasActive() || proto.getActive());
  }

  static Function<Integration, Attributes> edit(UpdateIntegrationRequest request) {
    var proto = request.getIntegration();
    var names = MaskProto.fields(request.getUpdateMask(), ALL, proto);
    var draft = attributes(proto);
    return current -> {
      MaskProto.same("integration.name", proto.getName(), current.name());
      var old = current.attributes();
      return new Attributes(
          names.contains("display_name") ? draft.displayName() : old.displayName(),
          names.contains("base_url") ? draft.baseUrl() : old.baseUrl(),
          names.contains("settings") ? draft.settings() : old.settings(),
          names.contains("active") ? draft.active() : old.active());
    };
  }

  static dev.agentserver.settings.v1.Integration toProto(Integration integration) {
    return dev.agentserver.settings.v1.Integration.newBuilder()
        .setId(integration.id().toString())
        .setName(integration.name())
        .setDisplayName(integration.attributes().displayName())
        .setBaseUrl(integration.attributes().baseUrl())
        .putAllSettings(integration.attributes().settings())
        .setActive(integration.attributes().active())
        .setCreatedAt(timestamp(integration.createdAt()))
        .setUpdatedAt(timestamp(integration.updatedAt()))
        .setEtag(integration.etag())
        .build();
  }

  /// A reply of before.
  static Integration fromProto(dev.agentserver.settings.v1.Integration proto) {
    return new Integration(
        UUID.fromString(proto.getId()),
        proto.getName(),
        attributes(proto),
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }

  static TestIntegrationResponse toProto(ProbeResult result) {
    return TestIntegrationResponse.newBuilder()
        .setOutcome(
            switch (result.outcome()) {
              case ANSWERED -> Outcome.OUTCOME_ANSWERED;
              case NOT_ALLOWED -> Outcome.OUTCOME_NOT_ALLOWED;
              case UNKNOWN_HOST -> Outcome.OUTCOME_UNKNOWN_HOST;
              case UNREACHABLE -> Outcome.OUTCOME_UNREACHABLE;
              case TLS_FAILED -> Outcome.OUTCOME_TLS_FAILED;
              case TIMED_OUT -> Outcome.OUTCOME_TIMED_OUT;
              case NOT_HTTP -> Outcome.OUTCOME_NOT_HTTP;
            })
        .setHttpStatus(result.status())
        .setDurationMs(Math.toIntExact(result.took().toMillis()))
        .build();
  }
}
