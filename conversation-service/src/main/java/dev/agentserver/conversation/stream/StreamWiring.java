package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.message.Appender;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.message.Screening;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.eventlog.GroupCommit;
import dev.agentserver.kit.eventlog.GroupCommitLimits;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.Outbox;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.function.Supplier;

/// The objects that write messages piece by piece.
public final class StreamWiring implements AutoCloseable {
  private final GroupCommit<StreamKey, Append, Progress> commits;
  private final Endings endings;
  private final Compaction compaction;
  private final StreamRpc rpc;

  /// @param lease how long a writer counts as alive after it was heard of
  /// @param keepDeltas how long the pieces of a message can be had after its end
  public StreamWiring(
      Database database,
      Writes writes,
      Outbox outbox,
      Metrics metrics,
      Bells bells,
      Feed feed,
      Entries entries,
      Appender appender,
      Screening screening,
      Messages messages,
      FileLinks files,
      Revocations revocations,
      Duration lease,
      Supplier<Duration> keepDeltas) {
    var texts = new Texts();
    var flush = new Flush(database, feed, lease);
    commits =
        GroupCommit.open(
            "deltas", metrics, GroupCommitLimits.defaults(), Append::bytes, flush::apply);
    endings = new Endings(database, feed, entries, texts, screening, lease, outbox, files);
    compaction = new Compaction(database, keepDeltas);
    var takeOvers = new TakeOvers(writes, feed, texts, lease);
    var streams =
        new MessageStreams(writes, appender, messages, files, commits, endings, takeOvers);
    rpc = new StreamRpc(streams, new Sessions(streams, bells, revocations, lease.dividedBy(3)));
  }

  public BindableService service() {
    return rpc;
  }

  /// Ends the messages of writers that were lost, and returns how many there were.
  public int sweepWriters() {
    return endings.sweep();
  }

  /// Removes pieces whose time is over, and returns of how many messages.
  public int compact() {
    return compaction.run();
  }

  /// Writes what still waits.
  @Override
  public void close() {
    commits.close();
  }
}
