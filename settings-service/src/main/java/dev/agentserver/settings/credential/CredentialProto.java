package dev.agentserver.settings.credential;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.credential.Credential.State;
import dev.agentserver.settings.text.ProtoText;
import dev.agentserver.settings.v1.UpdateCredentialRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Credentials between the contract and the domain.
final class CredentialProto {
  private static final String VALUE = "value";
  private static final String EXPIRES_AT = "expires_at";

  private CredentialProto() {}

  static dev.agentserver.settings.v1.Credential toProto(Credential credential) {
    var message =
        dev.agentserver.settings.v1.Credential.newBuilder()
            .setId(credential.id().toString())
            .setField(credential.field())
            .setLastFour(credential.lastFour())
            .setState(state(credential.state()))
            .setCreatedAt(ProtoText.timestamp(credential.createdAt()))
            .setUpdatedAt(ProtoText.timestamp(credential.updatedAt()))
            .setEtag(credential.etag());
    switch (credential.owner()) {
      case Owner.Provider(var id) -> message.setProviderId(id.toString());
      case Owner.Integration(var id) -> message.setIntegrationId(id.toString());
    }
    if (credential.expiresAt() != null) {
      message.setExpiresAt(ProtoText.timestamp(credential.expiresAt()));
    }
    return message.build();
  }

  /// One that [#toProto] wrote.
  static Credential fromProto(dev.agentserver.settings.v1.Credential message) {
    return new Credential(
        UUID.fromString(message.getId()),
        owner(message),
        message.getField(),
        message.getLastFour(),
        state(message.getState()),
        expiresAt(message),
        Long.parseLong(message.getEtag()),
        ProtoText.instant(message.getCreatedAt()),
        ProtoText.instant(message.getUpdatedAt()));
  }

  static Owner owner(dev.agentserver.settings.v1.Credential message) {
    return switch (message.getOwnerCase()) {
      case PROVIDER_ID -> new Owner.Provider(UUID.fromString(message.getProviderId()));
      case INTEGRATION_ID -> new Owner.Integration(UUID.fromString(message.getIntegrationId()));
      case OWNER_NOT_SET ->
          throw Problem.invalid("credential.owner", "must be a provider or an integration");
    };
  }

  static String field(dev.agentserver.settings.v1.Credential message) {
    if (message.getField().isEmpty()) {
      throw Problem.invalid("credential.field", "must be set");
    }
    return message.getField();
  }

  static String value(dev.agentserver.settings.v1.Credential message) {
    if (message.getValue().isEmpty()) {
      throw Problem.invalid("credential.value", "must be set");
    }
    return ProtoText.clean(message.getValue());
  }

  static @Nullable Instant expiresAt(dev.agentserver.settings.v1.Credential message) {
    return message.hasExpiresAt() ? ProtoText.instant(message.getExpiresAt()) : null;
  }

  /// By its mask (AIP-134, AIP-161).
  static CredentialEdit edit(UpdateCredentialRequest request) {
    var credential = request.getCredential();
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty()) {
      paths = populated(credential);
    } else if (paths.equals(List.of("*"))) {
      paths = List.of(VALUE, EXPIRES_AT);
    }
    for (var path : paths) {
      if (!path.equals(VALUE) && !path.equals(EXPIRES_AT)) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
    }
    return new CredentialEdit(
        paths.contains(VALUE) ? value(credential) : null,
        paths.contains(EXPIRES_AT),
        expiresAt(credential));
  }

  private static List<String> populated(dev.agentserver.settings.v1.Credential credential) {
    var paths = new ArrayList<String>();
    if (!credential.getValue().isEmpty()) {
      paths.add(VALUE);
    }
    if (credential.hasExpiresAt()) {
      paths.add(EXPIRES_AT);
    }
    return paths;
  }

  private static dev.agentserver.settings.v1.Credential.State state(State state) {
    return switch (state) {
      case ACTIVE -> dev.agentserver.settings.v1.Credential.State.STATE_ACTIVE;
      case EXPIRED -> dev.agentserver.settings.v1.Credential.State.STATE_EXPIRED;
      case UNDECRYPTABLE -> dev.agentserver.settings.v1.Credential.State.STATE_UNDECRYPTABLE;
    };
  }

  private static State state(dev.agentserver.settings.v1.Credential.State state) {
    return switch (state) {
      case STATE_EXPIRED -> State.EXPIRED;
      case STATE_UNDECRYPTABLE -> State.UNDECRYPTABLE;
      case STATE_ACTIVE, STATE_UNSPECIFIED, UNRECOGNIZED -> State.ACTIVE;
    };
  }
}
