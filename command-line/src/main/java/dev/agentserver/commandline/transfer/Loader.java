package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.Exported;
import dev.agentserver.commandline.history.Fingerprint;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.commandline.job.Job;
import dev.agentserver.commandline.job.Progress.Outcome;
import dev.agentserver.commandline.server.Patience;
import dev.agentserver.commandline.server.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one conversation on the server what its source says, whatever of it is there already.
///
/// What grew at the source is appended. Where the past changed (a text, a message that is gone) the
/// conversation is made anew, unless somebody has gone on with it on the server: then it stays as
/// it is and the report says so. Nothing that was written here is lost to an import.
final class Loader {
  private final Job job;
  private final Writer writer;
  private final Copies copies;
  private final Readers readers;

  Loader(Server server, Readers readers, Job job) {
    this.job = job;
    this.writer = new Writer(server);
    this.copies = new Copies(server);
    this.readers = readers;
  }

  /// @param owner whose it is; null: the caller's
  Outcome load(History history, @Nullable String owner) throws IOException {
    var id = history.id().toString();
    var fingerprint = Fingerprint.of(history);
    try {
      var noted = job.noted(id);
      var done = fingerprint.equals(noted);
      var outcome =
          done ? Outcome.UNCHANGED : noted == null ? create(history, owner) : meet(history, owner);
      if (outcome != Outcome.FAILED) {
        mark(history, owner, !done);
      }
      if (outcome != Outcome.FAILED && !done) {
        job.note(id, fingerprint);
      }
      return outcome;
    } catch (StatusRuntimeException failure) {
      if (Patience.is(failure, Status.Code.UNAUTHENTICATED)
          || Patience.is(failure, Status.Code.UNAVAILABLE)) {
        throw failure;
      }
      job.report(history.oldId(), "failed", Patience.said(failure));
      return Outcome.FAILED;
    }
  }

  /// Another owner may not be able to come in, or not yet: that is no reason to be without the
  /// conversation.
  private void mark(History history, @Nullable String owner, boolean written) throws IOException {
    if (!written && history.telling().equals(Marks.NONE)) {
      return;
    }
    try {
      readers.of(owner).mark(history, written);
    } catch (StatusRuntimeException failure) {
      if (owner == null
          || Patience.is(failure, Status.Code.UNAVAILABLE)
          || Patience.is(failure, Status.Code.CANCELLED)) {
        throw failure;
      }
      job.report(history.oldId(), "note", "it is unread: as its owner, " + Patience.said(failure));
    }
  }

  /// Puts a conversation that its source has no more into the trash.
  void remove(UUID id) throws IOException {
    try {
      writer.delete(id, false);
    } catch (StatusRuntimeException failure) {
      if (!Patience.is(failure, Status.Code.NOT_FOUND)) {
        throw failure;
      }
    }
    job.note(id.toString(), "-");
  }

  private Outcome create(History history, @Nullable String owner) throws IOException {
    try {
      writer.create(history, owner);
      return Outcome.WRITTEN;
    } catch (StatusRuntimeException failure) {
      if (!Patience.is(failure, Status.Code.ALREADY_EXISTS)) {
        throw failure;
      }
      return meet(history, owner);
    }
  }

  private Outcome meet(History history, @Nullable String owner) throws IOException {
    var found = copies.find(history.id());
    if (found.isEmpty()) {
      return job.noted(history.id().toString()) == null ? taken(history) : written(history, owner);
    }
    var there = found.get();
    var theirs = there.history();
    if (Fingerprint.of(theirs).equals(Fingerprint.of(history))) {
      return Outcome.UNCHANGED;
    }
    if (grown(history, theirs)) {
      var known = byId(theirs);
      var missing = history.turns().stream().filter(turn -> !known.containsKey(turn.id())).toList();
      writer.append(history.id(), missing, owner);
      writer.describe(history, there.conversation());
      if (equal(history)) {
        return Outcome.UPDATED;
      }
    }
    return untouched(history, there) ? anew(history, owner) : continued(history);
  }

  private Outcome written(History history, @Nullable String owner) {
    writer.create(history, owner);
    return Outcome.WRITTEN;
  }

  private Outcome anew(History history, @Nullable String owner) {
    writer.delete(history.id(), true);
    writer.create(history, owner);
    return Outcome.UPDATED;
  }

  private boolean equal(History history) throws IOException {
    var now = copies.find(history.id());
    return now.isPresent() && Fingerprint.of(now.get().history()).equals(Fingerprint.of(history));
  }

  /// Whether all that is there is also at the source, as it is there.
  private static boolean grown(History history, History theirs) {
    var ours = byId(history);
    return theirs.turns().stream()
        .allMatch(
            turn -> {
              var own = ours.get(turn.id());
              return own != null
                  && Objects.equals(own.parent(), turn.parent())
                  && own.draft().getPartsList().equals(turn.draft().getPartsList());
            });
  }

  /// Whether nobody has gone on with what is there: it is what the job noted, or, where it noted
  /// nothing, every message is one of the source's.
  private boolean untouched(History history, Exported there) {
    var noted = job.noted(history.id().toString());
    if (noted != null) {
      return noted.equals(Fingerprint.of(there.history()));
    }
    var ours = byId(history);
    return there.messages().stream()
        .allMatch(message -> ours.containsKey(UUID.fromString(message.getId())));
  }

  private Outcome taken(History history) throws IOException {
    job.report(
        history.oldId(),
        "failed",
        "ALREADY_EXISTS: the id "
            + history.id()
            + ", or that of a message, is in the trash, somebody else's, or in another conversation");
    return Outcome.FAILED;
  }

  private Outcome continued(History history) throws IOException {
    job.report(
        history.oldId(),
        "failed",
        "it changed at its source and here: it stays as it is here, id " + history.id());
    return Outcome.FAILED;
  }

  private static Map<UUID, Turn> byId(History history) {
    var turns = new HashMap<UUID, Turn>();
    history.turns().forEach(turn -> turns.put(turn.id(), turn));
    return turns;
  }
}
