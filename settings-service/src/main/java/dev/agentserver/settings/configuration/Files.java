package dev.agentserver.settings.configuration;

import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import dev.agentserver.settings.configuration.Definitions.Why;
import dev.agentserver.settings.configuration.Setting.Layer;
import dev.agentserver.settings.configuration.SettingFile.Format;
import dev.agentserver.settings.configuration.SettingFile.Named;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.Definition.Draft;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jooq.DSLContext;

/// Settings from files and to files.
public final class Files {
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*");
  private static final int KEY_LENGTH = 255;

  /// @param withheld the sensitive keys that have a value, which is not in the file
  record Exported(String content, long revision, List<String> withheld) {}

  private final Configuration configuration;
  private final Definitions definitions;
  private final Changes changes;
  private final Snapshots snapshots;

  Files(
      Configuration configuration, Definitions definitions, Changes changes, Snapshots snapshots) {
    this.configuration = configuration;
    this.definitions = definitions;
    this.changes = changes;
    this.snapshots = snapshots;
  }

  /// What is set for an environment, or for all.
  Exported write(Caller caller, Format format, String environment) {
    var snapshot = snapshots.get(caller.tenantId());
    var set =
        snapshot
            .settings(environment, "")
            .filter(each -> each.layer() == Layer.ENVIRONMENT || each.layer() == Layer.ALL)
            .toList();
    var shown = set.stream().filter(each -> !each.sensitive()).toList();
    var withheld = set.stream().filter(Setting::sensitive).map(Setting::key).toList();
    return new Exported(SettingFile.write(format, shown), snapshot.revision(), withheld);
  }

  /// Sets what a file says.
  ///
  /// @param define whether what is not defined is to be
  Applied read(
      Caller caller,
      Attempt<Applied> attempt,
      Format format,
      String content,
      String environment,
      boolean define,
      Edit edit) {
    var named = SettingFile.read(format, content);
    return configuration.transact(
        caller,
        attempt,
        edit.dry(),
        (db, turn) -> {
          var defined = new ArrayList<String>();
          var list = new ArrayList<ValueChange>();
          var known = definitions.all(db, turn.tenantId());
          var missing = new ArrayList<Violation>();
          for (var each : named) {
            var definition = known.stream().filter(each::means).findFirst().orElse(null);
            if (definition == null && define) {
              definition = define(db, turn, caller, each, edit);
              defined.add(definition.key());
            }
            if (definition == null) {
              missing.add(new Violation("content", each.name() + " is not defined"));
            } else {
              var item = Item.value(definition.key(), environment);
              list.add(new ValueChange(item, each.text(definition.type())));
            }
          }
          if (!missing.isEmpty()) {
            throw new Problem.Invalid(missing).raise();
          }
          var differences =
              list.isEmpty() ? List.<Difference>of() : changes.make(db, turn, caller, edit, list);
          return new Applied(
              edit.dry() ? turn.begin() : turn.last(), differences, List.of(), defined);
        });
  }

  private Definition define(DSLContext db, Turn turn, Caller caller, Named named, Edit edit) {
    var key = named.key();
    if (key.length() > KEY_LENGTH || !KEY.matcher(key).matches()) {
      throw Problem.invalid("content", "\"" + key + "\" is no key");
    }
    var draft = new Draft(key, named.type(), "", null, "", true, false, false);
    return definitions.create(db, turn, caller, draft, "", new Why(edit.action(), edit.reason()));
  }
}
