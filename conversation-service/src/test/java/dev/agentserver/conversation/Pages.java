package dev.agentserver.conversation;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.Param;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;

/// What reading costs the database, whatever the machine does besides: the pages of 8 KiB that
/// statements touch, or their rows where all of a table fits into few pages.
///
/// The work is done twice, to see the statements and to count, and then undone. It is counted by
/// the plans that the database keeps for a statement it gets again and again, made without a look
/// at the values.
public final class Pages {
  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
  private static final Pattern SCANNED =
      Pattern.compile(
          "Scan [^\\n]*actual rows=([\\d.]+) loops=(\\d+)\\)(?:\\n[^>]*?Rows Removed by [^:]*: (\\d+))?");
  private static final DSLContext POSTGRES = DSL.using(SQLDialect.POSTGRES);
  private static final Pattern PLACE = Pattern.compile("\\?");

  private Pages() {}

  /// A statement as the service sends it, and what it sends with it.
  private record Sent(String sql, List<Param<?>> values) {}

  /// The pages that were read, in memory or not.
  public static int touched(Harness service, Consumer<DSLContext> work) throws SQLException {
    return plans(service, work).stream().mapToInt(Pages::pages).sum();
  }

  /// The rows that were looked at in tables and indexes.
  public static int rows(Harness service, Consumer<DSLContext> work) throws SQLException {
    return plans(service, work).stream().mapToInt(Pages::scanned).sum();
  }

  private static List<String> plans(Harness service, Consumer<DSLContext> work)
      throws SQLException {
    try (var connection = service.stranger();
        var session = connection.createStatement()) {
      connection.setAutoCommit(false);
      session.execute("set search_path = conversation");
      session.execute("set plan_cache_mode = force_generic_plan");
      var plans = new ArrayList<String>();
      for (var sent : sent(connection, work)) {
        plans.add(plan(session, sent));
      }
      connection.rollback();
      return plans;
    }
  }

  private static List<Sent> sent(Connection connection, Consumer<DSLContext> work) {
    var sent = new ArrayList<Sent>();
    var recorder =
        new ExecuteListener() {
          private static final long serialVersionUID = 1;

          @Override
          public void executeStart(ExecuteContext context) {
            var values =
                context.query().getParams().values().stream()
                    .filter(value -> !value.isInline())
                    .<Param<?>>map(value -> value)
                    .toList();
            sent.add(new Sent(context.sql(), values));
          }
        };
    work.accept(
        DSL.using(
            new DefaultConfiguration().set(connection).set(SQLDialect.POSTGRES).set(recorder)));
    return sent;
  }

  private static String plan(Statement session, Sent sent) throws SQLException {
    var number = new int[1];
    var sql = PLACE.matcher(sent.sql()).replaceAll(_ -> "\\$" + ++number[0]);
    session.execute("prepare sent (%s) as %s".formatted(each(sent, Pages::type), sql));
    var execute = "execute sent (%s)".formatted(each(sent, Pages::literal));
    var rows = session.executeQuery("explain (analyze, buffers, timing off) " + execute);
    var plan = new StringBuilder();
    while (rows.next()) {
      plan.append(rows.getString(1)).append('\n');
    }
    session.execute("deallocate sent");
    return plan.toString();
  }

  private static String each(Sent sent, Function<Param<?>, String> part) {
    return sent.values().stream().map(part).collect(joining(", "));
  }

  private static String type(Param<?> value) {
    return value.getDataType().getCastTypeName(POSTGRES.configuration());
  }

  private static String literal(Param<?> value) {
    return POSTGRES.renderInlined(value);
  }

  /// Of the outermost step, which has those of all others in it.
  private static int pages(String plan) {
    var found = BUFFERS.matcher(plan);
    if (!found.find()) {
      throw new AssertionError(plan);
    }
    return Integer.parseInt(found.group(1))
        + (found.group(2) == null ? 0 : Integer.parseInt(found.group(2)));
  }

  private static int scanned(String plan) {
    return SCANNED
        .matcher(plan)
        .results()
        .mapToInt(
            scan ->
                (int) (Double.parseDouble(scan.group(1)) * Integer.parseInt(scan.group(2)))
                    + (scan.group(3) == null ? 0 : Integer.parseInt(scan.group(3))))
        .sum();
  }
}
