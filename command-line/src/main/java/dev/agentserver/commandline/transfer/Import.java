package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.job.Job;
import dev.agentserver.commandline.job.Progress;
import dev.agentserver.commandline.job.Progress.Outcome;
import dev.agentserver.commandline.server.LentKeys;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.commandline.source.HistorySource;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Brings everything of a source to a server, as often as it is run: what is there already is
/// passed over, so a run that was killed is finished by the next, and a source that is still
/// written to is caught up with.
public final class Import {
  /// How it is done.
  ///
  /// @param owners null: everything belongs to the caller
  /// @param live whether what the source has no more was deleted there; a file is no such source
  /// @param dryRun only reads, and reports
  public record Settings(@Nullable Owners owners, boolean live, boolean dryRun, int hands) {}

  private final HistorySource source;
  private final Server server;
  private final Job job;
  private final Settings settings;

  public Import(HistorySource source, Server server, Job job, Settings settings) {
    this.source = source;
    this.server = server;
    this.job = job;
    this.settings = settings;
  }

  /// Reads the source once, from beginning to end.
  ///
  /// @param keys with which other owners' conversations get what only their owners can put on them
  public void pass(Progress progress, LentKeys keys) throws IOException {
    var loader = new Loader(server, new Readers(server, keys, job), job);
    job.beginReport();
    progress.write("RUNNING");
    var seen = ConcurrentHashMap.<String>newKeySet();
    try (var pass =
        new Pass(
            settings.hands(),
            history -> take(loader, history, seen, progress),
            (oldId, why) -> {
              job.report(oldId, "failed", why);
              progress.count(Outcome.FAILED, 0, 0);
            })) {
      pass.over(source);
    }
    if (settings.live() && !settings.dryRun()) {
      remove(loader, seen, progress);
    }
  }

  private void take(Loader loader, History history, Set<String> seen, Progress progress)
      throws IOException {
    seen.add(history.id().toString());
    for (var note : history.notes()) {
      job.report(history.oldId(), "note", note);
    }
    progress.count(outcome(loader, history), history.turns().size(), history.notes().size());
  }

  private Outcome outcome(Loader loader, History history) throws IOException {
    var owners = settings.owners();
    String owner = null;
    if (owners != null) {
      var user = history.owner() == null ? null : owners.of(history.owner()).orElse(null);
      if (user == null) {
        job.report(history.oldId(), "failed", "nobody here is its user " + history.owner());
        return Outcome.FAILED;
      }
      owner = user;
    }
    if (settings.dryRun()) {
      return job.noted(history.id().toString()) == null ? Outcome.WRITTEN : Outcome.UNCHANGED;
    }
    return loader.load(history, owner);
  }

  private void remove(Loader loader, Set<String> seen, Progress progress) throws IOException {
    for (var id : job.noted().keySet()) {
      if (OldIds.isUuid(id) && !seen.contains(id)) {
        loader.remove(UUID.fromString(id));
        progress.count(Outcome.REMOVED, 0, 0);
      }
    }
  }
}
