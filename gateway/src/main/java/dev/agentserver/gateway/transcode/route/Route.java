package dev.agentserver.gateway.transcode.route;

import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One REST binding of a method, checked against its messages.
///
/// @param variables the fields that the path binds, by their names in the template
/// @param responseBody the field of the reply that is the body; null: the reply is
/// @param answersRaw whether that is a google.api.HttpBody, whose bytes go out as they are
/// @param defaults what the request has where the client names nothing
public record Route(
    String httpMethod,
    Template template,
    Method method,
    Map<String, FieldPath> variables,
    BodyRule body,
    @Nullable FieldPath responseBody,
    boolean answersRaw,
    List<Default> defaults) {

  /// What the body of the HTTP request is.
  public sealed interface BodyRule {
    /// There is none: fields the path does not bind come from the query.
    record None() implements BodyRule {}

    /// The request message.
    record Whole() implements BodyRule {}

    /// One field of it.
    record OneField(FieldPath field) implements BodyRule {}

    /// A google.api.HttpBody, which takes the bytes as they are.
    ///
    /// @param field where it is; null: the request message is it
    record Raw(@Nullable FieldPath field) implements BodyRule {}
  }

  /// A field, and the request that has but the default in it.
  public record Default(FieldPath field, byte[] wire) {}

  public Route {
    variables = Map.copyOf(variables);
    defaults = List.copyOf(defaults);
  }

  @Override
  public String toString() {
    return method.fullName();
  }
}
