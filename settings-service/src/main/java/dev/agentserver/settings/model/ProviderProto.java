package dev.agentserver.settings.model;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.settings.model.Provider.Attributes;
import dev.agentserver.settings.model.Provider.Draft;
import dev.agentserver.settings.text.MaskProto;
import dev.agentserver.settings.v1.UpdateProviderRequest;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Providers in the contract and in the domain.
final class ProviderProto {
  private static final List<String> ALL = List.of("display_name", "base_url", "active");

  private ProviderProto() {}

  static Draft draft(dev.agentserver.settings.v1.Provider proto) {
    return new Draft(
        uuidOrNull(proto.getId()),
        MaskProto.required("provider.name", proto.getName()),
        attributes(proto));
  }

  private static Attributes attributes(dev.agentserver.settings.v1.Provider proto) {
    return new Attributes(
        clean(proto.getDisplayName()),
        clean(proto.getBaseUrl()),
        !proto.hasActive() || proto.getActive());
  }

  static Function<Provider, Attributes> edit(UpdateProviderRequest request) {
    var proto = request.getProvider();
    var names = MaskProto.fields(request.getUpdateMask(), ALL, proto);
    var draft = attributes(proto);
    return current -> {
      MaskProto.same("provider.name", proto.getName(), current.name());
      var old = current.attributes();
      return new Attributes(
          names.contains("display_name") ? draft.displayName() : old.displayName(),
          names.contains("base_url") ? draft.baseUrl() : old.baseUrl(),
          names.contains("active") ? draft.active() : old.active());
    };
  }

  static dev.agentserver.settings.v1.Provider toProto(Provider provider) {
    return dev.agentserver.settings.v1.Provider.newBuilder()
        .setId(provider.id().toString())
        .setName(provider.name())
        .setDisplayName(provider.attributes().displayName())
        .setBaseUrl(provider.attributes().baseUrl())
        .setActive(provider.active())
        .setPlatform(provider.platform())
        .setCreatedAt(timestamp(provider.createdAt()))
        .setUpdatedAt(timestamp(provider.updatedAt()))
        .setEtag(provider.etag())
        .build();
  }

  /// A reply of before.
  static Provider fromProto(dev.agentserver.settings.v1.Provider proto) {
    return new Provider(
        UUID.fromString(proto.getId()),
        proto.getName(),
        attributes(proto),
        proto.getPlatform(),
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }
}
