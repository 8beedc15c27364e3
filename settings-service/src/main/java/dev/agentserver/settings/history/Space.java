package dev.agentserver.settings.history;

import dev.agentserver.kit.eventlog.StreamKey;
import java.util.UUID;

/// What has revisions of its own in a tenant; the names are what the column holds.
public enum Space {
  CONFIGURATION,
  FLAG;

  private static final UUID EVERYBODY = new UUID(0, 0);

  private final UUID stream = new UUID(0, ordinal() + 1L);

  /// The revisions of a tenant, as a stream of events.
  public StreamKey stream(UUID tenantId) {
    return new StreamKey(tenantId, stream);
  }

  /// Rings with every revision of any tenant.
  public StreamKey anyTenant() {
    return new StreamKey(EVERYBODY, stream);
  }

  static Space of(StreamKey stream) {
    return values()[(int) stream.id().getLeastSignificantBits() - 1];
  }
}
