package dev.agentserver.kit.db;

import java.util.Optional;
import org.jooq.exception.DataAccessException;
import org.postgresql.util.PSQLException;

/// Names the constraint that a statement broke, so that a store can say which rule that was.
public final class Constraints {
  private Constraints() {}

  /// The name of the violated constraint; empty when the failure was of another kind.
  public static Optional<String> violated(DataAccessException failure) {
    var cause = failure.getCause(PSQLException.class);
    if (cause == null
        || cause.getServerErrorMessage() == null
        || !failure.sqlState().startsWith("23")) {
      return Optional.empty();
    }
    return Optional.ofNullable(cause.getServerErrorMessage().getConstraint());
  }
}
