package dev.agentserver.settings.token;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.grant.Grants;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Answers who somebody is and what they may do.
public final class Access {
  private static final String READ = "access:read";

  private final Database database;
  private final Grants grants;
  private final ProfileStore profiles = new ProfileStore();

  public Access(Database database, Grants grants) {
    this.database = database;
    this.grants = grants;
  }

  Profile me(Caller caller) {
    return database
        .read(db -> profiles.find(db, caller.tenantId(), caller.principalId()))
        .orElseThrow(() -> new Problem.NotFound("user", caller.principalId().toString()).raise());
  }

  /// Whether a user may do something.
  record Question(UUID userId, String permission) {}

  /// What is stored decides. Of the caller their token decides too, because it may be for less.
  List<Boolean> check(Caller caller, List<Question> questions) {
    var users = questions.stream().map(Question::userId).collect(Collectors.toSet());
    if (!caller.may(READ) && users.stream().anyMatch(id -> !id.equals(caller.principalId()))) {
      throw new Problem.Denied(READ).raise();
    }
    var found = database.read(db -> grants.find(db, caller.tenantId(), users));
    return questions.stream()
        .map(
            question -> {
              var grant = found.get(question.userId());
              return grant != null
                  && grant.permissions().contains(question.permission())
                  && (!question.userId().equals(caller.principalId())
                      || caller.may(question.permission()));
            })
        .toList();
  }
}
