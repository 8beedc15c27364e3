package dev.agentserver.commandline.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One conversation as its source tells it.
///
/// @param oldId what the source calls it
/// @param owner what the source calls its owner; null: the source has one user
/// @param title empty: it has none
/// @param createdAt null: its source knows no times; it is as old as its import then
/// @param metadata what is kept beside it; the importer's keys begin with [Kept#PREFIX]
/// @param turns parents before their children, siblings in order
/// @param marks what its reader had put on it
/// @param notes what was not understood, for the report
public record History(
    UUID id,
    String oldId,
    @Nullable String owner,
    String title,
    @Nullable Instant createdAt,
    String model,
    Map<String, String> metadata,
    List<Turn> turns,
    Marks marks,
    List<String> notes) {
  /// What its reader had put on it, as far as it says more than the messages do.
  public Marks telling() {
    var parents = turns.stream().map(Turn::parent).distinct().count();
    return parents == turns.size() ? marks.withoutCurrent() : marks;
  }

  /// What other systems may still call it by: an id that is a UUID is kept as the id itself.
  public String externalId() {
    return oldId.equals(id.toString()) ? "" : oldId;
  }
}
