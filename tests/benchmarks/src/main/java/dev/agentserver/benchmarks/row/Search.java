package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.Pgbench;
import dev.agentserver.benchmarks.load.Statement;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.UUID;
import java.util.function.Supplier;

/// Finding messages among very many of others.
public final class Search {
  private static final String SQL = "pgbench, own only";
  private static final String ILIKE = "ILIKE";
  private static final int MILLISECONDS = 5;
  private static final String SEARCHER = "searcher";

  private final Plan plan;
  private final Stage stage;
  private final Client client;
  private final UUID searcher;

  public Search(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
    this.searcher = Account.user(stage.account().token(SEARCHER));
  }

  /// Searches for words that are in most messages, in many and in few, one search after the other.
  public Section find() {
    load();
    var columns = new ArrayList<Column>();
    columns.add(column("a word of most", "w0"));
    columns.add(column("a word of many", "w50"));
    columns.add(column("two words", "w10 w20"));
    columns.add(column("a phrase", "\"w0 w1\""));
    columns.add(column("a beginning", "w12*"));
    columns.add(column("a word of nobody", "nothing"));
    var lookingThrough =
        "a beginning, %,d of one's own".formatted(plan.conversations() * Stage.MESSAGES);
    columns.add(column(lookingThrough, () -> stage.account().token(), "ordin*"));
    var postgres = stage.server().postgres();
    if (Pgbench.available()) {
      var variables = new HashMap<>(stage.variables(0, 1));
      variables.put("member", searcher);
      var floor = new Pgbench(postgres, "search.sql", variables, 1);
      columns.add(new Column(SQL, false, 0, stage.floor(), floor));
    }
    columns.add(new Column(ILIKE, false, 0, stage.floor(), new Statement(postgres, ilike())));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    return new Section(
        "search in %,d messages".formatted(plan.searched()),
        measured,
        section ->
            section.columns().stream()
                .filter(each -> each.column().ours())
                .map(each -> Finding.latency(each, 50, MILLISECONDS))
                .toList());
  }

  private Column column(String name, String query) {
    return column(name, () -> stage.account().token(SEARCHER), query);
  }

  private Column column(String name, Supplier<String> token, String query) {
    return new Column(name, true, plan.warmUp() / 10, stage.ours(), asking(token, query));
  }

  /// One asks, again and again.
  private Driver asking(Supplier<String> token, String query) {
    return time -> {
      var request = SearchMessagesRequest.newBuilder().setQuery(query).build();
      var call =
          Call.rpc(
              Call.Protocol.GRPC,
              stage.server().conversation(),
              MessageSearchServiceGrpc.getSearchMessagesMethod(),
              request,
              token.get());
      var watch = new Stopwatch();
      var end = System.nanoTime() + time.toNanos();
      for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
        client.require(call);
        watch.good(1, System.nanoTime() - now);
      }
      return watch.done();
    };
  }

  private String ilike() {
    return """
    select m.message_id, m.content_text from message m
    join conversation_member a on a.tenant_id = m.tenant_id and a.conversation_id = m.conversation_id
    where m.tenant_id = '%s' and a.user_id = '%s' and m.content_text ilike '%%w50%%'
    order by m.created_at desc limit 51"""
        .formatted(stage.caller().get("TENANT"), searcher);
  }

  private void load() {
    try (var script = Search.class.getResourceAsStream("/sql/search-load.sql")) {
      var text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      stage
          .server()
          .postgres()
          .run(
              text.replace(":tenant", "'" + stage.caller().get("TENANT") + "'::uuid")
                  .replace(":member", "'" + searcher + "'::uuid")
                  .replace(":messages", Integer.toString(plan.searched())));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
