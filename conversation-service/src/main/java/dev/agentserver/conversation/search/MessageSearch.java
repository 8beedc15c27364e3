package dev.agentserver.conversation.search;

import dev.agentserver.conversation.search.Match.Position;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Searches what the caller may read.
public final class MessageSearch {
  /// How many conversations of others one search looks into: each is a key of the index.
  static final int MAX_SHARED = 500;

  /// Conversations of others that are looked for at once. PostgreSQL compares what it finds of any
  /// of them with all of them, so it is asked several times, and apart for what the caller owns,
  /// which may be most of it; not very often, as each time tells the planner of more rows.
  private static final int LEAST_AT_ONCE = 25;

  private static final int MAX_TIMES = 4;

  /// A page, and where the next one begins; null on the last.
  ///
  /// @param partial whether there are conversations that were not looked into
  record Page(List<Match> matches, @Nullable Position next, boolean partial) {}

  /// Where is looked.
  private record Scope(List<String> queries, boolean partial) {}

  private final Database database;
  private final SearchStore store = new SearchStore();

  public MessageSearch(Database database) {
    this.database = database;
  }

  Page search(Caller caller, Criteria criteria, @Nullable Position after, int size) {
    if (criteria.query().isEmpty()) {
      throw Problem.invalid("query", "must have a letter or a digit");
    }
    return database.read(
        db -> {
          var scope = scope(db, caller, criteria.conversationId());
          var slice = store.find(db, caller, criteria, scope.queries(), after, size);
          return new Page(
              slice.matches(),
              slice.more() ? slice.matches().getLast().position() : null,
              scope.partial());
        });
  }

  private Scope scope(DSLContext db, Caller caller, @Nullable UUID conversationId) {
    if (conversationId != null) {
      if (!store.readable(db, caller, conversationId)) {
        throw new Problem.NotFound("conversation", conversationId.toString()).raise();
      }
      return new Scope(List.of(in(conversationId)), false);
    }
    var shared = store.shared(db, caller, MAX_SHARED + 1);
    var own = Stream.of("'u:" + caller.principalId() + "'");
    var atOnce = Math.max(LEAST_AT_ONCE, Math.ceilDiv(shared.size(), MAX_TIMES));
    var others =
        shared.stream()
            .limit(MAX_SHARED)
            .map(MessageSearch::in)
            .gather(Gatherers.windowFixed(atOnce))
            .map(scopes -> String.join(" | ", scopes));
    return new Scope(Stream.concat(own, others).toList(), shared.size() > MAX_SHARED);
  }

  private static String in(UUID conversationId) {
    return "'c:" + conversationId + "'";
  }
}
