package dev.agentserver.gateway.transcode.binding;

import com.google.api.FieldBehavior;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.transcode.codec.Body;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Infers the update_mask of a PATCH that has none: the fields its body names, those set to null
/// included, so that a client changes what it sends and nothing else. What a client reads but
/// cannot write is left out, so that it may send back a whole resource.
final class UpdateMask {
  private static final String FIELD = "update_mask";
  private static final Set<String> NEVER = Set.of("etag", "id");

  private UpdateMask() {}

  /// The request with the mask alone; empty where none is to be inferred.
  static Optional<byte[]> infer(Route route, Body body, Collection<Bound> bound) {
    var field = route.method().request().findFieldByName(FIELD);
    if (!route.httpMethod().equals("PATCH")
        || !(route.body() instanceof BodyRule.OneField(var resource))
        || field == null
        || !Fields.isSingularMessage(field)
        || bound.stream().anyMatch(value -> value.name().equals(FIELD))) {
      return Optional.empty();
    }
    var mask = DynamicMessage.newBuilder(field.getMessageType());
    var paths = field.getMessageType().findFieldByName("paths");
    body.named().stream()
        .filter(name -> name.startsWith(resource.name() + "."))
        .filter(name -> bound.stream().noneMatch(value -> value.name().equals(name)))
        .map(name -> name.substring(resource.name().length() + 1))
        .filter(path -> writable(resource, path))
        .sorted()
        .forEach(path -> mask.addRepeatedField(paths, path));
    return mask.getRepeatedFieldCount(paths) == 0
        ? Optional.empty()
        : Optional.of(Wire.encode(FieldPath.of(field), mask.build()));
  }

  private static boolean writable(FieldPath resource, String path) {
    return !NEVER.contains(path)
        && FieldPath.resolve(resource.leaf().getMessageType(), path).stream()
            .flatMap(way -> way.fields().stream())
            .noneMatch(
                field ->
                    Fields.behaves(field, FieldBehavior.OUTPUT_ONLY)
                        || Fields.behaves(field, FieldBehavior.IDENTIFIER));
  }
}
