package dev.agentserver.settings.flag.manage;

import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.flag.value.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is to be made of a flag later.
///
/// @param document what it becomes, where it is set
record Planned(Action action, FlagDocument document) {
  /// The names are what the column holds.
  enum Action {
    SET,
    KILL,
    RESTORE,
    DELETE
  }

  /// The kill switch stays as it is where the flag is set.
  FlagDocument applyTo(Optional<StoredFlag> current) {
    var killed = current.filter(flag -> flag.document().killed()).isPresent();
    return switch (action) {
      case SET -> document.withKilled(killed);
      case KILL -> Flags.switched(current, true);
      case RESTORE -> Flags.switched(current, false);
      case DELETE -> FlagDocument.NONE;
    };
  }

  String print() {
    var members = new LinkedHashMap<String, Object>();
    members.put("action", action.name());
    members.put("document", document.print());
    return Json.print(members);
  }

  static Planned parse(String text) {
    var members = (Map<?, ?>) Json.parse(text);
    return new Planned(
        Action.valueOf((String) members.get("action")),
        FlagDocument.parse((String) members.get("document")));
  }
}
