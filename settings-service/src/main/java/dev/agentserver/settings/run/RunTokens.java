package dev.agentserver.settings.run;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.identity.TokenIssuer.Token;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// Makes the tokens of runs.
public final class RunTokens {
  private final Database database;
  private final Supplier<TokenIssuer> issuer;
  private final RunUserStore store = new RunUserStore();

  /// @param issuer signs with the key whose time it is
  public RunTokens(Database database, Supplier<TokenIssuer> issuer) {
    this.database = database;
    this.issuer = issuer;
  }

  /// A token of the user for this run alone, with those of the permissions that the user has now.
  /// The run is the credential behind it: what is counted or written down of the token names it.
  Token issue(UUID tenantId, UUID userId, RunScope scope, List<String> permissions) {
    var user =
        database
            .read(db -> store.find(db, tenantId, userId))
            .orElseThrow(() -> new Problem.NotFound("user", userId.toString()).raise());
    var grant = user.grant();
    if (!grant.active()) {
      throw new Problem.Refused(
              "USER_NOT_ACTIVE", "the user is suspended", Map.of("id", userId.toString()))
          .raise();
    }
    var whole =
        new Caller(
            tenantId,
            userId,
            Kind.USER,
            grant.roles(),
            grant.permissions(),
            scope.runId().toString(),
            null,
            user.revocation());
    return issuer.get().issue(whole.within(scope, permissions));
  }
}
