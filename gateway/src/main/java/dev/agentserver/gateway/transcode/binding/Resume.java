package dev.agentserver.gateway.transcode.binding;

import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Route;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Binds the Last-Event-ID of a client that comes back to the request field that says where a
/// stream goes on. It wins over the query and the body: an EventSource that reconnects sends its
/// first URL again, and only the header knows how far it came since.
public final class Resume {
  private Resume() {}

  /// Whether a request goes on with a stream it has seen a part of.
  public static boolean isMeant(Route route, @Nullable String lastEventId) {
    return lastEventId != null && !lastEventId.isEmpty() && field(route).isPresent();
  }

  static Optional<Bound> bind(Route route, @Nullable String lastEventId) {
    if (lastEventId == null || !isMeant(route, lastEventId)) {
      return Optional.empty();
    }
    return field(route)
        .map(field -> new Bound(field, "the header Last-Event-ID", parse(field, lastEventId)));
  }

  private static Optional<FieldPath> field(Route route) {
    return Optional.of(route.method())
        .filter(method -> method.answersMany())
        .flatMap(method -> Fields.resume(method.request()))
        .map(FieldPath::of)
        .filter(field -> !route.variables().containsValue(field));
  }

  private static byte[] parse(FieldPath field, String text) {
    try {
      return Wire.parse(field, text);
    } catch (IllegalArgumentException wrong) {
      throw Fault.invalid(field.name(), wrong.getMessage() + ", as Last-Event-ID says it");
    }
  }
}
