package dev.agentserver.agentrun.erasure;

import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.erasure.Sequence;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Table;

/// Erases users and tenants from whatever tables there are.
///
/// A user's rows go, and what belongs to them. What others still refer to stays, hidden, and names
/// nobody. A tenant goes as a whole.
public final class AgentRunEraser implements Eraser {
  private static final int PAGE = 500;

  private final RowStore rows;
  private final UserRowStore users;
  private final Eraser first;

  /// @param first what has rows of its own forget the user, before the others go
  public AgentRunEraser(RowStore rows, Eraser first) {
    this.rows = rows;
    this.first = first;
    this.users = new UserRowStore(rows);
  }

  @Override
  public Step begin(Erased whom) {
    var tenant = whom.tenantId();
    var user = whom.userId();
    return user == null
        ? (db, tally) -> rows.removeTenant(db, tenant, PAGE, tally)
        : user(first.begin(whom), tenant, user);
  }

  private Step user(Step before, UUID tenant, UUID user) {
    return Sequence.of(
        Stream.concat(
                Stream.of(before), rows.tables().stream().map(table -> table(table, tenant, user)))
            .toArray(Step[]::new));
  }

  private Step table(Table<?> table, UUID tenant, UUID user) {
    return (db, tally) ->
        tally.removed(table, users.remove(db, table, tenant, user, PAGE)) > 0
            || tally.changed(table, users.forget(db, table, tenant, user, PAGE)) > 0;
  }
}
