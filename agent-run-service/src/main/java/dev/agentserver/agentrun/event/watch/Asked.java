package dev.agentserver.agentrun.event.watch;

import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// Which page of events somebody asked for, whatever they are events of.
///
/// @param patience how long to wait for the first event where there is none
record Asked(String method, long afterSeq, Duration patience, int pageSize, String pageToken) {
  /// Where the page begins.
  ///
  /// @param id what it is of: pages that follow each other are of one run, whatever came meanwhile
  record Begin(UUID id, long after) {}

  Begin begin(Caller caller, UUID given, Supplier<UUID> first) {
    return scope(caller, given)
        .position(
            pageToken,
            position ->
                new Begin(UUID.fromString(position.get(0)), Long.parseLong(position.get(1))))
        .orElseGet(() -> new Begin(first.get(), afterSeq));
  }

  /// The token of the page after this one; empty when there is none yet.
  String next(Caller caller, UUID given, Begin begin, Polls.Page page) {
    return page.more()
        ? scope(caller, given).token(List.of(begin.id().toString(), Long.toString(page.seq())))
        : "";
  }

  private PageScope scope(Caller caller, UUID given) {
    return new PageScope(caller, method, given + " after " + afterSeq);
  }
}
