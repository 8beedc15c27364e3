package dev.agentserver.agentrun.agent;

import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How long an answer of an agent may be.
///
/// @param limit the most tokens, as they are now
public record TokenLimit(Supplier<Integer> limit) {
  /// None that anybody reaches.
  public static final TokenLimit NONE = new TokenLimit(() -> Integer.MAX_VALUE);

  /// Fails with TOKEN_LIMIT_EXCEEDED where somebody wants more.
  ///
  /// @param field of the request that asks for it
  /// @param wanted null: whoever runs the agent chooses
  public void check(String field, @Nullable Integer wanted) {
    var most = limit.get();
    if (wanted != null && wanted > most) {
      throw new Problem.Refused(
              "TOKEN_LIMIT_EXCEEDED",
              "max_tokens is " + wanted + ", and may be " + most,
              Map.of("field", field, "limit", most.toString()))
          .raise();
    }
  }
}
