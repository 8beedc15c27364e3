package dev.agentserver.kit.db;

import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.slf4j.LoggerFactory;

/// What a service's program does once instead of serving, for whoever administers it: its database
/// roles, its first tenant, a check (an admin process, as twelve-factor applications have it).
public final class AdminProcess {
  /// The process's exit code where it could not be done.
  public static final int NOT_DONE = 3;

  private AdminProcess() {}

  /// What is to be done.
  public interface Task {
    /// Does it. What the environment lacks or says wrongly is an IllegalArgumentException.
    void run() throws SQLException;
  }

  /// Does it. Where the environment or the database does not let it be done, a line on standard
  /// error says why, and the process ends with [#NOT_DONE]; the log has the rest at DEBUG.
  public static void run(Task task) {
    try {
      task.run();
    } catch (IllegalArgumentException | SQLException | DataAccessException failure) {
      LoggerFactory.getLogger(AdminProcess.class).debug("it could not be done", failure);
      System.err.println(said(failure));
      System.exit(NOT_DONE);
    }
  }

  /// The first line of it and of what caused it, each once.
  private static String said(Throwable failure) {
    var said = firstLine(failure);
    var cause = failure.getCause();
    if (cause == null || said.contains(firstLine(cause))) {
      return said;
    }
    return said + ": " + firstLine(cause);
  }

  private static String firstLine(Throwable failure) {
    var message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
