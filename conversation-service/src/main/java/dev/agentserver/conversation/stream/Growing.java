package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.stream.GrowthStore.Grown;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message in the course of one transaction that adds to it, under its conversation's lock.
final class Growing {
  private final Writing writing;
  private final OffsetDateTime expiresAt;
  private Growth growth;
  private long lastSeq;
  private boolean heard;

  /// @param lease how long a writer counts as alive after it was heard of
  Growing(Writing writing, Duration lease) {
    this.writing = writing;
    this.growth = writing.growth();
    var row = writing.row();
    this.lastSeq = row == null ? 0 : row.lastSeq();
    this.expiresAt = row == null ? writing.now() : expiry(writing, row, lease);
  }

  /// It is not moved with each append: the column is indexed.
  private static OffsetDateTime expiry(Writing writing, Writing.Row row, Duration lease) {
    var due = writing.now().plus(lease.dividedBy(2));
    return writing.streaming() && row.expiresAt().isBefore(due)
        ? writing.now().plus(lease)
        : row.expiresAt();
  }

  /// Takes what a writer has sent.
  ///
  /// @param seen the message as this writer finds it
  /// @return why it is refused; null when it is not
  @Nullable RuntimeException take(Append append, Writing seen) {
    try {
      seen.checkAccess(append.caller());
      seen.checkEpoch(append.epoch());
      if (seen.row() == null) {
        throw seen.ended();
      }
      if (!seen.stopped()) {
        add(append.deltas());
      }
      heard = true;
      return null;
    } catch (ProblemException refused) {
      return refused;
    }
  }

  /// A message that has ended takes what it has already, so that a retry is no failure.
  private void add(List<Delta> deltas) {
    var more = growth.with(deltas);
    if (!writing.streaming() && more.events().size() > growth.events().size()) {
      throw writing.ended();
    }
    growth = more;
  }

  StreamKey conversation() {
    return writing.conversation();
  }

  Growth growth() {
    return growth;
  }

  boolean changed() {
    var row = writing.row();
    return row != null && (!growth.events().isEmpty() || !expiresAt(row).equals(row.expiresAt()));
  }

  /// Its events are numbered, the newest with `seq`.
  void reached(long seq) {
    lastSeq = seq;
  }

  /// Who is refused is not its writer, and does not keep it alive.
  private OffsetDateTime expiresAt(Writing.Row row) {
    return heard ? expiresAt : row.expiresAt();
  }

  /// @param at when its events happened
  Grown grown(OffsetDateTime at) {
    return new Grown(writing.message(), writing.conversation(), growth, lastSeq, at, expiresAt);
  }

  Progress progress() {
    return new Progress(
        List.copyOf(growth.lengths()), lastSeq, writing.stopped(), expiresAt.toInstant());
  }
}
