package dev.agentserver.settings.chat;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// Reads and changes how the caller chats. Everybody has settings; they take a row only when
/// somebody has chosen something.
public final class Chats {
  private static final String RESOURCE = "chat_settings";

  private final Database database;
  private final Writes writes;
  private final ChatDefaults defaults;
  private final Function<UUID, Set<String>> models;
  private final ChatSettingsStore store = new ChatSettingsStore();

  /// @param models the names of those that a tenant's users can choose
  public Chats(
      Database database, Writes writes, ChatDefaults defaults, Function<UUID, Set<String>> models) {
    this.database = database;
    this.writes = writes;
    this.defaults = defaults;
    this.models = models;
  }

  /// The caller's settings. A caller whose user is not known here has the defaults too.
  ChatSettings get(Caller caller) {
    return defaults.complete(
        database
            .read(db -> store.find(db, caller.tenantId(), caller.principalId()))
            .orElse(ChatSettings.NONE));
  }

  /// Fails with NOT_FOUND when the caller's user is gone: a token that is still valid brings
  /// nothing back that was erased.
  ///
  /// @param etag the state the caller has seen; empty: whatever it is
  ChatSettings update(Caller caller, Attempt<ChatSettings> attempt, String etag, List<Edit> edits) {
    var offered =
        edits.stream().anyMatch(edit -> edit instanceof Edit.Model)
            ? models.apply(caller.tenantId())
            : Set.<String>of();
    return writes.once(
        caller,
        attempt,
        db -> {
          var user = caller.principalId();
          if (!store.lockUser(db, caller.tenantId(), user)) {
            throw new Problem.NotFound("user", user.toString()).raise();
          }
          var current = store.find(db, caller.tenantId(), user).orElse(ChatSettings.NONE);
          if (!etag.isEmpty() && !etag.equals(current.etag())) {
            throw new Problem.Stale(RESOURCE, user.toString(), current.etag()).raise();
          }
          var choices = current.choices();
          for (var edit : edits) {
            checkLimit(edit);
            checkModel(edit, offered);
            choices = edit.applyTo(choices);
          }
          if (choices.equals(current.choices())) {
            return defaults.complete(current);
          }
          return defaults.complete(
              store.save(db, caller.tenantId(), user, current.choices(), choices));
        });
  }

  private void checkLimit(Edit edit) {
    if (edit instanceof Edit.MaxTokens(var maxTokens)
        && maxTokens != null
        && maxTokens > defaults.maxTokensLimit()) {
      throw Problem.invalid(
          "chat_settings.max_tokens", "must be at most " + defaults.maxTokensLimit());
    }
  }

  /// Where no model is known at all nobody keeps a list of them, and any name will do. What was
  /// chosen before stays chosen.
  private static void checkModel(Edit edit, Set<String> offered) {
    if (edit instanceof Edit.Model(var model)
        && model != null
        && !offered.isEmpty()
        && !offered.contains(model)) {
      throw Problem.invalid("chat_settings.model", "is not the name of a model that is in use");
    }
  }
}
