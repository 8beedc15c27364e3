package dev.agentserver.settings.model;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.settings.model.Model.Attributes;
import dev.agentserver.settings.model.Model.Draft;
import dev.agentserver.settings.model.Model.Name;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.v1.UpdateModelRequest;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Models in the contract and in the domain.
final class ModelProto {
  private static final List<String> ALL =
      List.of("display_name", "context_window", "max_output_tokens", "capabilities", "active");

  private ModelProto() {}

  static Draft draft(dev.agentserver.settings.v1.Model proto) {
    return new Draft(
        uuidOrNull(proto.getId()),
        UUID.fromString(MaskProto.required("model.provider_id", proto.getProviderId())),
        MaskProto.required("model.name", proto.getName()),
        attributes(proto));
  }

  private static Attributes attributes(dev.agentserver.settings.v1.Model proto) {
    return new Attributes(
        clean(proto.getDisplayName()),
        proto.getContextWindow(),
        proto.getMaxOutputTokens(),
        List.copyOf(proto.getCapabilitiesList()),
        !proto.hasActive() || proto.getActive());
  }

  static Function<Model, Attributes> edit(UpdateModelRequest request) {
    var proto = request.getModel();
    var names = MaskProto.fields(request.getUpdateMask(), ALL, proto);
    var draft = attributes(proto);
    return current -> {
      MaskProto.same("model.provider_id", proto.getProviderId(), current.providerId());
      MaskProto.same("model.name", proto.getName(), current.name().model());
      var old = current.attributes();
      return new Attributes(
          names.contains("display_name") ? draft.displayName() : old.displayName(),
          names.contains("context_window") ? draft.contextWindow() : old.contextWindow(),
          names.contains("max_output_tokens") ? draft.maxOutputTokens() : old.maxOutputTokens(),
          names.contains("capabilities") ? draft.capabilities() : old.capabilities(),
          names.contains("active") ? draft.active() : old.active());
    };
  }

  static dev.agentserver.settings.v1.Model toProto(Model model) {
    var attributes = model.attributes();
    return dev.agentserver.settings.v1.Model.newBuilder()
        .setId(model.id().toString())
        .setProviderId(model.providerId().toString())
        .setProviderName(model.name().provider())
        .setName(model.name().model())
        .setDisplayName(attributes.displayName())
        .setContextWindow(attributes.contextWindow())
        .setMaxOutputTokens(attributes.maxOutputTokens())
        .addAllCapabilities(attributes.capabilities())
        .setActive(attributes.active())
        .setPlatform(model.platform())
        .setCreatedAt(timestamp(model.createdAt()))
        .setUpdatedAt(timestamp(model.updatedAt()))
        .setEtag(model.etag())
        .build();
  }

  /// A reply of before.
  static Model fromProto(dev.agentserver.settings.v1.Model proto) {
    return new Model(
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getProviderId()),
        new Name(proto.getProviderName(), proto.getName()),
        attributes(proto),
        proto.getPlatform(),
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }
}
