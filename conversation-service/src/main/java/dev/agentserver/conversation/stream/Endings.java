package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.message.Content;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.Screening;
import dev.agentserver.conversation.message.State;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The ways in which a message stops growing. Its text is written to its row here, once.
final class Endings {
  private static final UUID NOBODY = new UUID(0, 0);
  private static final int BATCH = 100;

  private final Database database;
  private final Feed feed;
  private final Entries entries;
  private final Texts texts;
  private final Screening screening;
  private final Duration lease;
  private final Outbox outbox;
  private final FileLinks files;
  private final Usages usages;
  private final EndStore store = new EndStore();
  private final CompactionStore pieces = new CompactionStore();

  Endings(
      Database database,
      Feed feed,
      Entries entries,
      Texts texts,
      Screening screening,
      Duration lease,
      Outbox outbox,
      FileLinks files) {
    this.database = database;
    this.feed = feed;
    this.entries = entries;
    this.texts = texts;
    this.screening = screening;
    this.lease = lease;
    this.outbox = outbox;
    this.files = files;
    this.usages = new Usages(outbox);
  }

  /// What a writer is answered: its message, or why not.
  private record Answer(Message message, @Nullable RuntimeException refusal) {
    Message get() {
      if (refusal != null) {
        throw refusal;
      }
      return message;
    }
  }

  /// Ends it as its writer says. A second time it is returned as it was ended. What was used for a
  /// message that others have stopped or taken over was billed: that is told although the writer is
  /// refused.
  Message byWriter(Caller caller, UUID messageId, long epoch, Ending ending, Pending pending) {
    var key = new StreamKey(caller.tenantId(), messageId);
    Usages.checkAccess(caller, ending.usage());
    var answer =
        database.write(
            db -> {
              var found = Found.lock(db, key, caller.principalId(), pending);
              found.writing().checkAccess(caller);
              return byWriter(db, caller, found, epoch, ending, pending);
            });
    return answer.get();
  }

  private Answer byWriter(
      DSLContext db, Caller caller, Found found, long epoch, Ending ending, Pending pending) {
    var writing = found.writing();
    var refusal = writing.fenced(epoch);
    if (refusal == null && writing.streaming()) {
      var answer = end(db, found, ending, pending);
      tellUsage(db, caller, answer.message(), epoch, ending);
      return answer;
    }
    if (refusal == null && !writing.hasEnded(ending)) {
      refusal = writing.ended();
    }
    var message = texts.message(db, writing.message());
    if (refusal != null && (writing.isBefore(epoch) || writing.stopped())) {
      tellUsage(db, caller, message, epoch, ending);
    }
    return new Answer(message, refusal);
  }

  private void tellUsage(DSLContext db, Caller caller, Message message, long epoch, Ending ending) {
    if (ending.usage() != null) {
      usages.tell(db, caller, message, epoch, ending.usage());
    }
  }

  /// Ends it as INCOMPLETE; one that has ended already stays as it is.
  Message stop(Caller caller, UUID messageId, Pending pending) {
    var key = new StreamKey(caller.tenantId(), messageId);
    var answer =
        database.write(
            db -> {
              var found = Found.lock(db, key, caller.principalId(), pending);
              found.writing().checkAccess(caller);
              if (!found.writing().streaming()) {
                return new Answer(texts.message(db, key), null);
              }
              var stopped = end(db, found, Ending.CANCELLED, pending);
              tellRun(db, key.tenantId(), stopped.message());
              return stopped;
            });
    return answer.get();
  }

  /// The run that was writing the message must learn of it: nobody wants its answer any more.
  private void tellRun(DSLContext db, UUID tenantId, Message stopped) {
    var run = stopped.origin().runId();
    if (run != null) {
      outbox.publish(
          db,
          tenantId,
          "message.stopped",
          stopped.id().toString(),
          Map.of("run_id", run.toString(), "conversation_id", stopped.conversationId().toString()));
    }
  }

  /// Ends messages whose writers were not heard of in time, and returns how many there were.
  int sweep() {
    var swept = 0;
    List<StreamKey> lost;
    do {
      lost = database.read(db -> store.lost(db, BATCH));
      for (var key : lost) {
        swept += database.write(db -> endLost(db, key)) ? 1 : 0;
      }
    } while (lost.size() == BATCH);
    return swept;
  }

  /// The writer may have come back before the lock was had.
  private boolean endLost(DSLContext db, StreamKey key) {
    var found = Found.lock(db, key, NOBODY, Pending.none());
    var writing = found.writing();
    var row = writing.row();
    if (!writing.streaming() || row == null || row.expiresAt().isAfter(writing.now())) {
      return false;
    }
    end(db, found, Ending.WRITER_LOST, Pending.none());
    return true;
  }

  /// It is held to the content rules now: what comes in pieces cannot be judged before it is whole.
  /// Where they say something the pieces go at once, and do not tell what the message does not.
  private Answer end(DSLContext db, Found found, Ending asked, Pending pending) {
    var writing = found.writing();
    var growing = new Growing(writing, lease);
    pending.takeInto(growing, found.all());
    var growth = growing.growth();
    var text = texts.of(db, writing, growth.events());
    // What was lost may be taken up again: its tool calls stay as they were written.
    var written = asked == Ending.WRITER_LOST ? text.parts().soFar() : text.parts().whole();
    compare(asked, growth, Sha256.hex(Content.text(written)));
    var content = screening.judge(written);
    var ending = asked.with(content);
    var said = Content.text(content.parts());
    var events = new ArrayList<>(growth.events());
    var model = ending.model().isEmpty() ? text.model() : ending.model();
    events.add(ended(writing, ending, model, growth, Sha256.hex(said)));
    var conversation = writing.conversation();
    var message = writing.message();
    var numbered = store.allocate(db, conversation, message.id(), events.size(), said);
    growing.reached(numbered.lastSeq());
    store.end(db, message, ending, content, numbered.lastSeq());
    store.close(db, message, growth, numbered.lastSeq());
    entries.changed(db, conversation.tenantId(), conversation.id());
    files.attached(
        db,
        conversation.tenantId(),
        conversation.id(),
        message.id(),
        Content.files(content.parts()).toList());
    feed.append(
        db, conversation.tenantId(), conversation.id(), numbered.lastSeq(), numbered.at(), events);
    if (content.changed()) {
      pieces.compact(
          db,
          new CompactionStore.Ended(message.tenantId(), message.id(), conversation.id()),
          Duration.ZERO);
    }
    var refusal = content.blocked() == null ? null : Screening.refusal("parts", content.blocked());
    return new Answer(texts.message(db, message), refusal);
  }

  /// Refuses an end by a writer that believes to have written something else.
  private static void compare(Ending ending, Growth growth, String sha256) {
    if (!ending.partLengths().isEmpty() && !ending.partLengths().equals(growth.lengths())) {
      throw mismatch("part_lengths", lengths(growth));
    }
    if (!ending.contentSha256().isEmpty() && !ending.contentSha256().equalsIgnoreCase(sha256)) {
      throw mismatch("content_sha256", sha256);
    }
  }

  private static RuntimeException mismatch(String what, String stored) {
    return new Problem.Refused(
            "CONTENT_MISMATCH",
            "what is stored is not what the writer says it has written",
            Map.of(what, stored))
        .raise();
  }

  private static EventRow ended(
      Writing writing, Ending ending, String model, Growth growth, String sha256) {
    var data = new TreeMap<String, String>();
    data.put("state", ending.state().name());
    data.put("state_reason", ending.reason());
    data.put("finish_reason", ending.finishReason());
    data.put("model", model);
    if (ending.inputTokens() != null) {
      data.put("input_tokens", ending.inputTokens().toString());
    }
    if (ending.outputTokens() != null) {
      data.put("output_tokens", ending.outputTokens().toString());
    }
    data.put("content_sha256", sha256);
    data.put("part_lengths", lengths(growth));
    var type =
        ending.state() == State.FAILED ? EventType.MESSAGE_FAILED : EventType.MESSAGE_COMPLETED;
    return EventRow.ofMessage(type, writing.message().id(), MetadataJson.write(data));
  }

  private static String lengths(Growth growth) {
    return growth.lengths().stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
