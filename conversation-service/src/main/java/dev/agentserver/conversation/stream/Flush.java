package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.stream.GrowthStore.Grown;
import dev.agentserver.conversation.stream.StreamStore.Asked;
import dev.agentserver.conversation.stream.StreamStore.Locked;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.Outcome;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Adds what many writers have sent to their messages, in one transaction. Each message is looked
/// at anew under its conversation's lock, so a writer that was fenced or stopped meanwhile is
/// refused alone.
final class Flush {
  private final Database database;
  private final Feed feed;
  private final Duration lease;
  private final StreamStore store = new StreamStore();
  private final GrowthStore growths = new GrowthStore();

  /// @param lease how long a writer counts as alive after it was heard of
  Flush(Database database, Feed feed, Duration lease) {
    this.database = database;
    this.feed = feed;
    this.lease = lease;
  }

  /// One outcome for each append, in their order.
  List<Outcome<Progress>> apply(List<Append> appends) {
    return database.write(db -> apply(db, appends));
  }

  private List<Outcome<Progress>> apply(DSLContext db, List<Append> appends) {
    var locked = store.lock(db, appends.stream().map(Append::key).distinct().toList());
    var found = store.read(db, appends.stream().map(Asked::by).toList());
    var messages = new LinkedHashMap<StreamKey, Growing>();
    var refusals = new ArrayList<@Nullable RuntimeException>();
    for (var append : appends) {
      var writing = found.get(Asked.by(append));
      refusals.add(
          writing == null
              ? Writing.missing(append.messageId())
              : messages
                  .computeIfAbsent(append.key(), _ -> new Growing(writing, lease))
                  .take(append, writing));
    }
    write(db, locked, messages.values());
    return outcomes(appends, refusals, messages);
  }

  /// Numbers what has grown, conversation by conversation, and writes it.
  private void write(DSLContext db, Map<StreamKey, Locked> locked, Iterable<Growing> messages) {
    var numbered = new LinkedHashMap<StreamKey, Locked>();
    var grown = new ArrayList<Grown>();
    for (var message : messages) {
      if (message.changed()) {
        var key = message.conversation();
        var before = numbered.getOrDefault(key, locked.get(key));
        var events = message.growth().events().size();
        if (events > 0) {
          var after = new Locked(key, before.lastSeq() + events, before.at());
          numbered.put(key, after);
          message.reached(after.lastSeq());
        }
        grown.add(message.grown(before.at()));
      }
    }
    if (!grown.isEmpty()) {
      growths.write(db, numbered.values(), grown);
    }
    numbered
        .values()
        .forEach(one -> feed.grown(db, one.key().tenantId(), one.key().id(), one.lastSeq()));
  }

  private static List<Outcome<Progress>> outcomes(
      List<Append> appends,
      List<@Nullable RuntimeException> refusals,
      Map<StreamKey, Growing> messages) {
    var outcomes = new ArrayList<Outcome<Progress>>(appends.size());
    for (var i = 0; i < appends.size(); i++) {
      var refusal = refusals.get(i);
      outcomes.add(
          refusal == null
              ? new Outcome.Done<>(messages.get(appends.get(i).key()).progress())
              : new Outcome.Failed<>(refusal));
    }
    return outcomes;
  }
}
