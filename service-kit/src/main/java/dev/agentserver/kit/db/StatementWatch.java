package dev.agentserver.kit.db;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;

/// Watches one statement: gives it what is left of the call's time, and notes what it took.
final class StatementWatch implements ExecuteListener {
  private static final long serialVersionUID = 1L;

  private final transient SlowQueries queries;
  private final long timeout;
  private long startedAt;

  /// @param timeout when PostgreSQL ends a statement by itself: only a call that has less time left
  /// than that needs a timer of its own, which costs a tenth of a small statement
  StatementWatch(SlowQueries queries, Duration timeout) {
    this.queries = queries;
    this.timeout = timeout.toSeconds();
  }

  @Override
  public void executeStart(ExecuteContext context) {
    startedAt = System.nanoTime();
    var seconds = CallDeadline.seconds();
    if (seconds.isEmpty() || seconds.getAsInt() > timeout) {
      return;
    }
    try {
      if (seconds.getAsInt() == 0) {
        throw new SQLTimeoutException("the call's deadline has passed", "57014");
      }
      context.statement().setQueryTimeout(seconds.getAsInt());
    } catch (SQLException failure) {
      context.sqlException(failure);
      throw context.exception();
    }
  }

  @Override
  public void end(ExecuteContext context) {
    var text = context.sql() == null ? String.join("; ", context.batchSQL()) : context.sql();
    queries.record(text, startedAt == 0 ? 0 : System.nanoTime() - startedAt);
  }
}
