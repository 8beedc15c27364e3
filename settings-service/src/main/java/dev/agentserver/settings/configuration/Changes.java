package dev.agentserver.settings.configuration;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.DefinitionStore;
import dev.agentserver.settings.definition.Schemas;
import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Turn;
import dev.agentserver.settings.secret.Undecryptable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Sets and removes values in a turn of their tenant: all or none, in one revision, with what the
/// audit trail and the history are to know.
final class Changes {
  static final String RESOURCE = "setting";

  /// What all definitions and values of a tenant may be together: every snapshot fits a reply.
  static final long MAX_BYTES = 4L * 1024 * 1024;

  private final AuditTrail audit;
  private final SecretValues secrets;
  private final DefinitionStore definitions = new DefinitionStore();
  private final ValueStore values = new ValueStore();

  Changes(AuditTrail audit, SecretValues secrets) {
    this.audit = audit;
    this.secrets = secrets;
  }

  SecretValues secrets() {
    return secrets;
  }

  /// Makes the changes that change something. Fails where one of them cannot be made.
  List<Difference> make(
      DSLContext db, Turn turn, Caller caller, Edit edit, List<ValueChange> changes) {
    var keys = changes.stream().map(change -> change.item().key()).distinct().toList();
    turn.requireUntouched(edit.base(), keys);
    var defined = definitions.find(db, turn.tenantId(), keys);
    require(defined, changes);
    var before = values.of(db, turn.tenantId(), keys);
    var differences = new TreeMap<Item, Difference>();
    for (var change : changes) {
      var old = before.get(change.item());
      var was = old == null ? Content.NONE : old.content();
      var is = content(turn.tenantId(), defined.get(change.item().key()), change);
      if (!was.equals(is)) {
        differences.put(change.item(), new Difference(change.item(), was, is));
        store(db, turn, change, is);
      }
    }
    if (differences.isEmpty()) {
      return List.of();
    }
    var items = new TreeMap<Item, Content>();
    differences.forEach((item, difference) -> items.put(item, difference.after()));
    var revision = turn.commit(edit.kind(), caller.principalId(), edit.reason(), items);
    requireRoom(db, turn.tenantId());
    items.forEach((item, content) -> record(db, caller, edit.action(), revision, item, content));
    return List.copyOf(differences.values());
  }

  /// Fails where one of the changes cannot be made as things are.
  void require(DSLContext db, UUID tenantId, List<ValueChange> changes) {
    var keys = changes.stream().map(change -> change.item().key()).distinct().toList();
    require(definitions.find(db, tenantId, keys), changes);
  }

  private static void require(Map<String, Definition> defined, List<ValueChange> changes) {
    var violations = new ArrayList<Violation>();
    var seen = new HashSet<Item>();
    for (var i = 0; i < changes.size(); i++) {
      var change = changes.get(i);
      var definition = defined.get(change.item().key());
      var field = "changes[" + i + "]";
      if (!seen.add(change.item())) {
        violations.add(new Violation(field, "names " + change.item() + " again"));
      } else if (definition == null) {
        violations.add(new Violation(field + ".key", change.item().key() + " is not defined"));
      } else if (change.text() != null) {
        Schemas.fault(definition.draft(), change.text())
            .ifPresent(
                fault ->
                    violations.add(new Violation(field + ".value", change.item() + " " + fault)));
      }
    }
    if (!violations.isEmpty()) {
      throw new Problem.Invalid(violations).raise();
    }
  }

  private Content content(UUID tenantId, Definition definition, ValueChange change) {
    var text = change.text();
    if (text == null) {
      return Content.NONE;
    }
    return definition.sensitive()
        ? Content.secret(secrets.fingerprint(tenantId, definition.key(), text))
        : Content.text(text);
  }

  private void store(DSLContext db, Turn turn, ValueChange change, Content content) {
    var item = change.item();
    if (content.isNone()) {
      values.remove(db, turn.tenantId(), item);
      return;
    }
    values.put(db, turn.tenantId(), item, value(turn, change, content));
  }

  private Value value(Turn turn, ValueChange change, Content content) {
    var text = change.text();
    if (content.fingerprint() == null || text == null) {
      return new Value(content.text(), null, null, turn.next());
    }
    var sealed = secrets.seal(text, place(turn.tenantId(), change.item(), turn.next()));
    return new Value(null, sealed, content.fingerprint(), turn.next());
  }

  /// The secret that a value is.
  String open(UUID tenantId, Item item, Value value) {
    return secrets.open(value.sealed(), place(tenantId, item, value.revision()));
  }

  /// The same as read again, should its data key be under another master key by now.
  String openAgain(DSLContext db, UUID tenantId, Item item, Value value) {
    var now = values.of(db, tenantId, List.of(item.key())).get(item);
    return open(tenantId, item, now != null && now.revision() == value.revision() ? now : value);
  }

  static String place(UUID tenantId, Item item, long revision) {
    return "setting|" + tenantId + "|" + item.key() + "|" + item.environment() + "|" + revision;
  }

  /// Fails with TOO_LARGE where a tenant's configuration has become more than fits a reply.
  void requireRoom(DSLContext db, UUID tenantId) {
    if (values.bytes(db, tenantId) > MAX_BYTES) {
      throw new Problem.Refused(
              "TOO_LARGE",
              "all settings of a tenant may be " + MAX_BYTES + " bytes together",
              Map.of("limit_bytes", Long.toString(MAX_BYTES)))
          .raise();
    }
  }

  /// Says in the audit trail what a revision made of a value or a definition.
  void record(
      DSLContext db, Caller caller, String action, long revision, Item item, Content content) {
    var changes = Map.of("revision", Long.toString(revision), "value", content.proof());
    audit.record(db, caller, new AuditRecord(action, RESOURCE, name(item), changes));
  }

  /// Says in the audit trail what was scheduled, or taken back.
  void recordPlan(DSLContext db, Caller caller, String action, UUID id, Instant applyAt) {
    var changes = Map.of("apply_at", applyAt.toString());
    audit.record(db, caller, new AuditRecord(action, "scheduled change", id.toString(), changes));
  }

  private static String name(Item item) {
    return item.isDefinition() ? item.key() : item.toString();
  }

  /// What a stored value is for a schema: the text itself. Fails with UNDECRYPTABLE where it is
  /// lost.
  @Nullable String clear(UUID tenantId, Item item, Value value) {
    try {
      return value.sealed() == null ? value.text() : open(tenantId, item, value);
    } catch (Undecryptable _) {
      throw lost(item);
    }
  }

  static RuntimeException lost(Item item) {
    return new Problem.Refused(
            "UNDECRYPTABLE",
            item + " cannot be decrypted; set it anew",
            Map.of("id", item.toString()))
        .raise();
  }
}
