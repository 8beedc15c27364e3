package dev.agentserver.gateway.transcode.binding;

import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.codec.Body;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.RawBody;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The messages of one request. What the request binds outside its body is a part of the first of
/// them; the others are what the client sends. None may contradict it.
public final class BoundMessages {
  private final BodyCodec codec;
  private final Route route;
  private final RestRequest request;
  private final List<Bound> fixed;
  private final List<Bound> query;
  private final Optional<Bound> resume;
  private boolean begun;

  /// @param fixed what path and headers bind, which nothing may contradict
  BoundMessages(
      BodyCodec codec,
      Route route,
      RestRequest request,
      List<Bound> fixed,
      List<Bound> query,
      Optional<Bound> resume) {
    this.codec = codec;
    this.route = route;
    this.request = request;
    this.fixed = fixed;
    this.query = query;
    this.resume = resume;
    refuseContradictions();
  }

  /// The wire form of the next message.
  ///
  /// @param content what the client sent for it
  public byte[] next(byte[] content) {
    var body = body(content);
    fixed.forEach(bound -> refuseContradiction(bound, body));
    query.stream().filter(Bound::isSingle).forEach(bound -> refuseContradiction(bound, body));
    if (begun) {
      return body.wire();
    }
    begun = true;
    return first(body);
  }

  private byte[] first(Body body) {
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
    return parts.size() == 1 ? parts.getFirst() : Wire.concat(parts);
  }

  private Body body(byte[] content) {
    if (content.length == 0 && !(route.body() instanceof BodyRule.Raw)) {
      return Body.empty();
    }
    return switch (route.body()) {
      case BodyRule.Whole() -> codec.read(route.method().request(), content);
      case BodyRule.OneField(var field) -> codec.read(field, content);
      case BodyRule.Raw(var field) -> raw(field, content);
      case BodyRule.None() -> refuseFields(content);
    };
  }

  /// What kind of bytes they are is said once.
  private Body raw(@Nullable FieldPath field, byte[] content) {
    var type = begun || request.contentType() == null ? "" : request.contentType();
    return new Body(RawBody.write(field, type, content), Set.of(), Set.of());
  }

  /// A route without body takes `{}`, which some clients cannot help sending.
  private Body refuseFields(byte[] json) {
    var body = codec.read(route.method().request(), json);
    for (var name : body.named()) {
      throw Fault.invalid(name, "is in the body of a request that has none");
    }
    return Body.empty();
  }

  private void refuseContradictions() {
    for (var bound : fixed) {
      for (var other : query) {
        if (other.name().equals(bound.name()) && !Arrays.equals(other.wire(), bound.wire())) {
          throw contradiction(bound, "the query");
        }
      }
    }
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
