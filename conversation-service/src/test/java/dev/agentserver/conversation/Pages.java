package dev.agentserver.conversation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;

/// What reading costs the database: the pages of 8 KiB that statements touch, whatever the machine
/// does besides.
public final class Pages {
  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

  private Pages() {}

  /// The pages that the statements of some work touch, which is done twice: to see the statements,
  /// and to count.
  public static int touched(Harness service, Consumer<DSLContext> work) throws SQLException {
    try (var connection = service.stranger();
        var session = connection.createStatement()) {
      session.execute("set search_path = conversation");
      var statements = statements(connection, work);
      var pages = 0;
      for (var statement : statements) {
        var rows = session.executeQuery("explain (analyze, buffers, timing off) " + statement);
        var plan = new StringBuilder();
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
        pages += total(plan.toString());
      }
      return pages;
    }
  }

  private static List<String> statements(Connection connection, Consumer<DSLContext> work) {
    var statements = new ArrayList<String>();
    var recorder =
        new ExecuteListener() {
          private static final long serialVersionUID = 1;

          @Override
          public void executeStart(ExecuteContext context) {
            statements.add(context.sql());
          }
        };
    work.accept(
        DSL.using(
            new DefaultConfiguration()
                .set(connection)
                .set(SQLDialect.POSTGRES)
                .set(new Settings().withStatementType(StatementType.STATIC_STATEMENT))
                .set(recorder)));
    return statements;
  }

  /// Of the outermost step, which has those of all others in it.
  private static int total(String plan) {
    var found = BUFFERS.matcher(plan);
    if (!found.find()) {
      throw new AssertionError(plan);
    }
    return Integer.parseInt(found.group(1))
        + (found.group(2) == null ? 0 : Integer.parseInt(found.group(2)));
  }
}
