package dev.agentserver.gateway.transcode.binding;

import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.codec.Body;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Makes the request message of an HTTP request. Binding is concatenation: defaults, body, query,
/// path and headers are each a piece of the message, and protobuf's merging weaves them; what comes
/// later wins. A body or query that contradicts the path is refused, because the path is what
/// access was decided by on the way here.
public final class Binder {
  private final BodyCodec codec;

  public Binder(BodyCodec codec) {
    this.codec = codec;
  }

  /// The wire form of the request message.
  public byte[] bind(Route route, RestRequest request) {
    var fixed = path(route, request);
    fixed.addAll(headers(route, request));
    var body = body(route, request.body());
    var query = new Query(route.method().request()).bind(request.query());
    var resume = Resume.bind(route, request.lastEventId());
    resume.ifPresent(place -> query.removeIf(bound -> bound.name().equals(place.name())));

    refuseContradictions(fixed, query, body);
    var all = new ArrayList<>(query);
    all.addAll(fixed);
    resume.ifPresent(all::add);
    var parts = new ArrayList<byte[]>();
    for (var value : route.defaults()) {
      var name = value.field().name();
      if (!body.sets(name) && all.stream().noneMatch(bound -> bound.name().equals(name))) {
        parts.add(value.wire());
      }
    }
    parts.add(body.wire());
    UpdateMask.infer(route, body, all).ifPresent(parts::add);
    all.forEach(bound -> parts.add(bound.wire()));
    return Wire.concat(parts);
  }

  private static List<Bound> path(Route route, RestRequest request) {
    var bound = new ArrayList<Bound>();
    request
        .variables()
        .forEach(
            (name, text) -> {
              var field = route.variables().get(name);
              try {
                bound.add(new Bound(field, "the path", Wire.parse(field, text)));
              } catch (IllegalArgumentException wrong) {
                throw Fault.invalid(field.name(), String.valueOf(wrong.getMessage()));
              }
            });
    return bound;
  }

  private static List<Bound> headers(Route route, RestRequest request) {
    var bound = new ArrayList<Bound>();
    if (request.idempotencyKey() != null) {
      textField(route, "request_id")
          .ifPresent(
              field ->
                  bound.add(bound(field, "the header Idempotency-Key", request.idempotencyKey())));
    }
    if (request.ifMatch() != null && !request.ifMatch().strip().equals("*")) {
      var etag = EntityTag.single(request.ifMatch());
      var field = etagField(route);
      if (field.isPresent()) {
        bound.add(bound(field.get(), "the header If-Match", etag));
      } else if (!route.httpMethod().equals("GET")) {
        throw Fault.invalid("If-Match", "cannot be heeded: the request has no etag");
      }
    }
    return bound;
  }

  private static Bound bound(FieldPath field, String origin, String text) {
    return new Bound(field, origin, Wire.parse(field, text));
  }

  /// The etag of the request, or of the resource in its body.
  private static Optional<FieldPath> etagField(Route route) {
    var own = textField(route, "etag");
    if (own.isPresent()
        || !(route.body() instanceof BodyRule.OneField(var resource))
        || !Fields.isSingularMessage(resource.leaf())) {
      return own;
    }
    return Optional.ofNullable(resource.leaf().getMessageType().findFieldByName("etag"))
        .filter(Fields::isString)
        .map(field -> resource.then(FieldPath.of(field)));
  }

  private static Optional<FieldPath> textField(Route route, String name) {
    return Optional.ofNullable(route.method().request().findFieldByName(name))
        .filter(Fields::isString)
        .map(FieldPath::of);
  }

  private Body body(Route route, byte[] json) {
    if (json.length == 0) {
      return Body.empty();
    }
    return switch (route.body()) {
      case BodyRule.Whole() -> codec.read(route.method().request(), json);
      case BodyRule.OneField(var field) -> codec.read(field, json);
      case BodyRule.None() -> refuseFields(route, json);
    };
  }

  /// A route without body takes `{}`, which some clients cannot help sending.
  private Body refuseFields(Route route, byte[] json) {
    var body = codec.read(route.method().request(), json);
    for (var name : body.named()) {
      throw Fault.invalid(name, "is in the body of a request that has none");
    }
    return Body.empty();
  }

  private static void refuseContradictions(List<Bound> fixed, List<Bound> query, Body body) {
    for (var bound : fixed) {
      for (var other : query) {
        if (other.name().equals(bound.name()) && !Arrays.equals(other.wire(), bound.wire())) {
          throw contradiction(bound, "the query");
        }
      }
      refuseContradiction(bound, body);
    }
    query.stream().filter(Bound::isSingle).forEach(bound -> refuseContradiction(bound, body));
  }

  private static void refuseContradiction(Bound bound, Body body) {
    if (body.sets(bound.name())) {
      var field = bound.field();
      var said = Wire.last(body.wire(), field).orElseGet(() -> Wire.defaultValue(field));
      if (!Arrays.equals(said, Wire.last(bound.wire(), field).orElseThrow())) {
        throw contradiction(bound, "the body");
      }
    }
  }

  private static Fault contradiction(Bound bound, String other) {
    return Fault.invalid(
        bound.name(), "has one value in " + bound.origin() + " and another in " + other);
  }
}
