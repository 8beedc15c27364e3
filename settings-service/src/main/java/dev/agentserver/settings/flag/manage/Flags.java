package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.manage.FlagBook.Written;
import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Revision.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Finds and changes the flags of the caller's tenant.
public final class Flags {
  static final String RESOURCE = "flag";

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final FlagBook book;

  /// What a flag was made by a rollback.
  public record RolledBack(long revision, Optional<StoredFlag> flag) {}

  Flags(Database database, Writes writes, AuditTrail audit, FlagBook book) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.book = book;
  }

  StoredFlag create(
      Caller caller, Attempt<StoredFlag> attempt, Item item, FlagDocument draft, String reason) {
    if (!draft.isDefined()) {
      throw Problem.invalid("flag.definition", "must be set");
    }
    return change(
        caller,
        attempt,
        item,
        reason,
        current -> {
          if (current.filter(flag -> flag.document().isDefined()).isPresent()) {
            throw new Problem.AlreadyExists(RESOURCE, item.toString()).raise();
          }
          return draft.withKilled(current.filter(flag -> flag.document().killed()).isPresent());
        });
  }

  StoredFlag get(Caller caller, Item item) {
    return database
        .read(db -> book.store().find(db, caller.tenantId(), item))
        .orElseThrow(() -> missing(item));
  }

  /// The rules that flags share; empty where there are none.
  Optional<StoredFlag> evaluators(Caller caller, String environment) {
    var item = Item.value(StoredFlag.EVALUATORS, environment);
    return database.read(db -> book.store().find(db, caller.tenantId(), item));
  }

  /// @param environment null: every one
  List<StoredFlag> list(
      Caller caller,
      @Nullable String environment,
      String keyPrefix,
      @Nullable Item after,
      int limit) {
    return database.read(
        db -> book.store().list(db, caller.tenantId(), environment, keyPrefix, after, limit));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  StoredFlag update(
      Caller caller,
      Attempt<StoredFlag> attempt,
      Item item,
      String etag,
      String reason,
      UnaryOperator<FlagDocument> edit) {
    return change(
        caller,
        attempt,
        item,
        reason,
        current -> {
          var flag = current.orElseThrow(() -> missing(item));
          requireCurrent(flag, etag);
          var edited = edit.apply(flag.document());
          if (!edited.isDefined() && flag.document().isDefined()) {
            throw Problem.invalid("flag.definition", "must be set");
          }
          return edited;
        });
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, Item item, String etag, String reason) {
    return writes.once(
        caller,
        attempt,
        db -> {
          write(
              db,
              caller,
              attempt.method(),
              new Change(item, Kind.CHANGE, caller.principalId(), reason),
              current -> {
                requireCurrent(current.orElseThrow(() -> missing(item)), etag);
                return FlagDocument.NONE;
              });
          return true;
        });
  }

  /// Throws the kill switch, or takes it back.
  StoredFlag kill(
      Caller caller, Attempt<StoredFlag> attempt, Item item, boolean killed, String reason) {
    return writes.once(
        caller,
        attempt,
        db -> {
          if (!book.check(db, caller.tenantId()).exists(item.key())
              && book.store().find(db, caller.tenantId(), item).isEmpty()) {
            throw missing(item);
          }
          var change = new Change(item, Kind.CHANGE, caller.principalId(), reason);
          var written =
              write(db, caller, attempt.method(), change, current -> switched(current, killed));
          // Where only the switch was kept, nothing is left of it.
          return written.flag().orElseGet(() -> nothing(item, written.revision()));
        });
  }

  static FlagDocument switched(Optional<StoredFlag> current, boolean killed) {
    return current.map(StoredFlag::document).orElse(FlagDocument.NONE).withKilled(killed);
  }

  /// Replaces the rules that flags share; empty ones are none.
  StoredFlag evaluators(
      Caller caller,
      Attempt<StoredFlag> attempt,
      String environment,
      String etag,
      String reason,
      Map<String, Object> evaluators) {
    var item = Item.value(StoredFlag.EVALUATORS, environment);
    return writes.once(
        caller,
        attempt,
        db -> {
          var change = new Change(item, Kind.CHANGE, caller.principalId(), reason);
          var written =
              write(
                  db,
                  caller,
                  attempt.method(),
                  change,
                  current -> {
                    current.ifPresent(flag -> requireCurrent(flag, etag));
                    return FlagDocument.of(evaluators);
                  });
          return written.flag().orElseGet(() -> nothing(item, 0));
        });
  }

  /// Makes it what it was after a revision; the kill switch stays as it is.
  RolledBack rollback(
      Caller caller, Attempt<RolledBack> attempt, Item item, long revision, String reason) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var change = new Change(item, Kind.ROLLBACK, caller.principalId(), reason);
          var written =
              write(
                  db,
                  caller,
                  attempt.method(),
                  change,
                  current -> was(db, caller, item, revision, current));
          return new RolledBack(written.revision(), written.flag());
        });
  }

  private FlagDocument was(
      DSLContext db, Caller caller, Item item, long revision, Optional<StoredFlag> current) {
    var text = book.at(db, caller.tenantId(), revision, item).text();
    if (text == null && current.isEmpty()) {
      throw missing(item);
    }
    var document = text == null ? FlagDocument.NONE : FlagDocument.parse(text);
    return document.withKilled(current.filter(flag -> flag.document().killed()).isPresent());
  }

  /// The newest first.
  ///
  /// @param key only this one; null: all
  List<Entry> history(
      Caller caller, @Nullable String key, Entry.@Nullable Position after, int limit) {
    return database.read(db -> book.history().list(db, caller.tenantId(), key, after, limit));
  }

  private StoredFlag change(
      Caller caller,
      Attempt<StoredFlag> attempt,
      Item item,
      String reason,
      Function<Optional<StoredFlag>, FlagDocument> edit) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var change = new Change(item, Kind.CHANGE, caller.principalId(), reason);
          return write(db, caller, attempt.method(), change, edit)
              .flag()
              .orElseThrow(() -> missing(item));
        });
  }

  private Written write(
      DSLContext db,
      Caller caller,
      String method,
      Change change,
      Function<Optional<StoredFlag>, FlagDocument> edit) {
    var written = book.write(db, caller.tenantId(), change, edit);
    var document = written.flag().map(flag -> flag.document().print()).orElse("");
    audit.record(
        db,
        caller,
        new AuditRecord(method, RESOURCE, change.item().toString(), Map.of("document", document)));
    return written;
  }

  private static void requireCurrent(StoredFlag flag, String etag) {
    if (!etag.isEmpty() && !etag.equals(flag.etag())) {
      throw new Problem.Stale(RESOURCE, flag.item().toString(), flag.etag()).raise();
    }
  }

  private static StoredFlag nothing(Item item, long revision) {
    return new StoredFlag(item, FlagDocument.NONE, revision, Instant.EPOCH, Instant.EPOCH);
  }

  static RuntimeException missing(Item item) {
    return new Problem.NotFound(RESOURCE, item.toString()).raise();
  }
}
