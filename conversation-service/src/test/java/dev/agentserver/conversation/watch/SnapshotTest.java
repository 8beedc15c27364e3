package dev.agentserver.conversation.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.stream.Writer;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEvent.EventCase;
import dev.agentserver.conversation.v1.ListConversationEventsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A reader who comes back when the events it is missing are gone.
class SnapshotTest extends ServiceTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  void whoComesBackAfterAMonthGetsTheStateAndThenExactlyWhatFollows() {
    var conversation = conversation(alice);
    say(alice, conversation, "question");
    var first = Writer.begin(alice, conversation);
    var second = Writer.begin(alice, conversation);
    first.text(0, "Grüße ");
    second.text(0, "also ");
    var watcher = new NaiveReader(0);
    try (var follower = Follower.after(alice, conversation.getId(), 0)) {
      follower.tell(watcher, 6);
    }
    var poller = new NaiveReader(0).apply(Polling.all(alice, conversation.getId(), 0, 3));

    first.text(6, "aus 世界");
    second.text(5, "🎉 and");
    var whole = first.complete();
    service.aMonthLater(conversation.getId());

    var missed = Polling.all(alice, conversation.getId(), poller.seq(), 3);
    assertThat(missed)
        .extracting(ConversationEvent::getEventCase)
        .containsExactly(EventCase.SNAPSHOT);
    poller.apply(missed).hasRead(whole).hasRead(second.get());
    try (var later = service.beside();
        var follower =
            Follower.after(later.person(alice.caller()), conversation.getId(), watcher.seq())) {
      var snapshot = follower.nextEvent();
      assertThat(snapshot.getEventCase()).isEqualTo(EventCase.SNAPSHOT);
      assertThat(snapshot.getSnapshot().getMessagesList()).as("only what has changed").hasSize(2);
      watcher.apply(snapshot);
      watcher.hasRead(whole).hasRead(second.get());
      second.text(10, " on");
      var end = second.complete();
      follower.tell(watcher, watcher.seq() + 2);
      watcher.hasRead(end);
      poller.apply(Polling.all(alice, conversation.getId(), poller.seq(), 1)).hasRead(end);
    }
  }

  @Test
  void aNewReaderOfAnOldConversationGetsAllOfIt() {
    var conversation = conversation(alice);
    var said = say(alice, conversation, "question");
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "answer");
    var whole = writer.complete();
    service.aMonthLater(conversation.getId());
    var last = say(alice, conversation, "thanks");
    var reader = new NaiveReader(0);
    try (var follower = Follower.after(alice, conversation.getId(), 0)) {
      follower.tell(reader, last.getSeq());
    }
    reader.hasRead(said).hasRead(whole).hasRead(last);
    new NaiveReader(0)
        .apply(Polling.all(alice, conversation.getId(), 0, 0))
        .hasRead(said)
        .hasRead(whole)
        .hasRead(last);
  }

  @Test
  void aSnapshotOfSeveralPagesIsExactWhileMessagesGrow() {
    var old = old("some");
    var fast = Writer.begin(alice, old);
    var slow = Writer.begin(alice, old);
    fast.text(0, ".".repeat(MEBIBYTE));
    var reader = new NaiveReader(0);
    var grown = MEBIBYTE;
    var pages = 0;
    var request = Polling.request(old.getId(), 0);
    ListConversationEventsResponse page;
    do {
      page = alice.events().listConversationEvents(request.build());
      reader.apply(page.getEventsList());
      request.setPageToken(page.getNextPageToken());
      fast.text(grown++, "x");
      slow.text(pages++, "y");
    } while (!page.getNextPageToken().isEmpty());
    assertThat(pages).isBetween(3, 20);
    assertExact(old, reader, List.of(fast, slow));
  }

  @Test
  void aSnapshotEndsThoughMoreGrowsThanAPageHolds() {
    var old = old("little");
    var writers = new ArrayList<Writer>();
    for (var i = 0; i < 3; i++) {
      var writer = Writer.begin(alice, old);
      writer.text(0, Character.toString('a' + i).repeat(MEBIBYTE));
      writers.add(writer);
    }
    var reader = new NaiveReader(0);
    var grown = MEBIBYTE;
    var request = Polling.request(old.getId(), 0);
    ListConversationEventsResponse page;
    do {
      page = alice.events().listConversationEvents(request.build());
      reader.apply(page.getEventsList());
      request.setPageToken(page.getNextPageToken());
      for (var writer : writers) {
        writer.text(grown, "x");
      }
      grown++;
      assertThat(grown - MEBIBYTE).as("pages").isLessThan(20);
    } while (!page.getNextPageToken().isEmpty());
    assertExact(old, reader, writers);
  }

  @Test
  void aWatchSendsASnapshotOfSeveralFramesWhileMessagesGrow() throws InterruptedException {
    var old = old("some");
    var fast = Writer.begin(alice, old);
    var grown = new AtomicInteger();
    var reading = new AtomicBoolean(true);
    var growing =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (reading.get()) {
                    fast.text(grown.getAndIncrement(), "x");
                  }
                });
    var reader = new NaiveReader(0);
    var snapshots = 0;
    try (var follower = Follower.after(alice, old.getId(), 0)) {
      for (var last = false; !last; ) {
        var event = follower.next();
        reader.apply(event);
        snapshots += event.hasSnapshot() ? 1 : 0;
        last = event.getSnapshot().getLast();
      }
      follower.tell(reader, reader.seq() + 3);
      reading.set(false);
      growing.join();
      var whole = fast.complete();
      follower.next(
          event -> {
            reader.apply(event);
            return event.hasMessageCompleted();
          });
      reader.hasRead(whole);
    }
    assertThat(snapshots).isGreaterThan(2);
  }

  @Test
  void whoReadsTooSlowlyIsSentASnapshotAndMissesNothing() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    writer.text(0, ".");
    var reader = new NaiveReader(0);
    var snapshots = 0;
    try (var impatient = service.besideWithoutPatience();
        var follower =
            Follower.slow(impatient.person(alice.caller()), WatchTest.watch(conversation))) {
      reader.apply(follower.next());
      for (var i = 1; i < 60; i++) {
        writer.text(i, "x");
      }
      follower.hurry();
      var whole = writer.complete();
      while (reader.seq() < 63) {
        var event = follower.next();
        reader.apply(event);
        snapshots += event.hasSnapshot() ? 1 : 0;
      }
      reader.hasRead(whole);
    }
    assertThat(snapshots).isPositive();
  }

  @Test
  void aWatchMayBreakInTheMiddleOfASnapshot() {
    var old = old("some");
    var reader = new NaiveReader(0);
    try (var follower = Follower.after(alice, old.getId(), 0)) {
      reader.apply(follower.next(EventCase.SNAPSHOT));
      assertThat(reader.seq()).isZero();
    }
    assertExact(old, reader, List.of());
  }

  /// A conversation of four messages of 1 MiB, whose first events are gone.
  private Conversation old(String text) {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    writer.text(0, text);
    writer.complete();
    for (var i = 0; i < 4; i++) {
      say(alice, conversation, Integer.toString(i).repeat(MEBIBYTE));
    }
    service.aMonthLater(conversation.getId());
    return conversation;
  }

  private void assertExact(Conversation conversation, NaiveReader reader, List<Writer> writers) {
    reader.apply(Polling.all(alice, conversation.getId(), reader.seq(), 2));
    writers.forEach(writer -> reader.hasRead(writer.get()));
    writers.forEach(writer -> reader.apply(after(conversation, reader, writer)));
    for (var id : reader.messageIds()) {
      reader.hasRead(messageOf(id));
    }
    assertThat(reader.messageIds()).hasSize(5 + writers.size());
  }

  private List<ConversationEvent> after(
      Conversation conversation, NaiveReader reader, Writer writer) {
    writer.complete();
    return Polling.all(alice, conversation.getId(), reader.seq(), 0);
  }
}
