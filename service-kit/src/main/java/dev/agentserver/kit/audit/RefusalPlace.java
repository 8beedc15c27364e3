package dev.agentserver.kit.audit;

import java.time.OffsetDateTime;
import java.util.List;

/// Where a page of counted refusals ended.
public record RefusalPlace(OffsetDateTime minute, String reason, String address) {
  /// As a page token carries it.
  public List<String> keys() {
    return List.of(minute.toString(), reason, address);
  }

  public static RefusalPlace of(List<String> keys) {
    return new RefusalPlace(OffsetDateTime.parse(keys.get(0)), keys.get(1), keys.get(2));
  }

  public static RefusalPlace of(Refusals refusals) {
    return new RefusalPlace(refusals.minute(), refusals.reason(), refusals.address());
  }
}
