package dev.agentserver.agentrun.ledger.query;

import dev.agentserver.agentrun.ledger.query.QueryStore.Group;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds usage up for whoever asks: of the whole tenant for those who may see it, else their own.
public final class UsageQueries {
  /// @param next the keys of the last group; null: there are no more
  public record Page(List<Group> groups, Source source, @Nullable List<String> next) {}

  private static final String READ = "usage:read";

  private final Database database;
  private final QueryStore store = new QueryStore();

  public UsageQueries(Database database) {
    this.database = database;
  }

  /// Where the page after a group begins. Fails where the keys are not of such a group.
  public static List<Object> place(Query query, List<String> keys) {
    return KeyType.values(query.groupBy(), keys);
  }

  /// @param after the [#place] of the last group of the page before; none: from the first
  public Page query(Caller caller, Query asked, List<Object> after, int size) {
    var query = seen(caller, asked);
    var source = Source.of(query);
    var found =
        database.read(db -> store.groups(db, caller.tenantId(), query, source, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, source, null);
    }
    var page = found.subList(0, size);
    return new Page(page, source, page.getLast().keys());
  }

  /// What of it the caller may see. Fails where that is nothing.
  public static Query seen(Caller caller, Query asked) {
    if (caller.mayAny(READ)) {
      return asked;
    }
    var user = asked.filter().userId();
    if (user != null && !user.equals(caller.principalId())) {
      throw new Problem.Denied(READ + "_any").raise();
    }
    return asked.of(caller.principalId());
  }
}
