package dev.agentserver.kit.db;

import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.slf4j.LoggerFactory;

/// What a service's program does once instead of serving, for whoever administers it: its database
/// roles, its first tenant, a check (an admin process, as twelve-factor applications have it).
public final class AdminProcess {
  /// The exit code of a command that could not be done, here as in the command line.
  private static final int NOT_DONE = 3;

  private static final String STATEMENT = "SQL [";

  private AdminProcess() {}

  /// What is to be done.
  public interface Task {
    /// Does it. What the environment lacks or says wrongly is an IllegalArgumentException.
    void run() throws SQLException;
  }

  /// Does it. Where the environment or the database does not let it be done, a line on standard
  /// error says why, and the process ends with 3; the log has the rest at DEBUG.
  public static void run(Task task) {
    try {
      task.run();
    } catch (IllegalArgumentException | SQLException | DataAccessException failure) {
      LoggerFactory.getLogger(AdminProcess.class).debug("it could not be done", failure);
      System.err.println(said(failure));
      System.exit(NOT_DONE);
    }
  }

  /// The first line of it and of what caused it, each once, without the statement that jOOQ puts
  /// before what the database says.
  static String said(Throwable failure) {
    var said = firstLine(failure);
    if (failure.getCause() == null) {
      return said;
    }
    var cause = firstLine(failure.getCause());
    if (said.startsWith(STATEMENT)) {
      return cause;
    }
    return said.contains(cause) ? said : said + ": " + cause;
  }

  private static String firstLine(Throwable failure) {
    var message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
