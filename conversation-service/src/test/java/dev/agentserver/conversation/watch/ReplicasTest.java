package dev.agentserver.conversation.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Harness;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.stream.Writer;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEvent.EventCase;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Two processes of the service on one database: what is written on one is followed on the other.
class ReplicasTest extends ServiceTest {
  private static final int PIECES = 50;
  private static final String PIECE = "é😀世 ";

  @Test
  void theBellAloneTellsTheOtherProcess() {
    try (var other = service.besideWithoutTime()) {
      assertFollowed(service, other);
      assertFollowed(other, service);
    }
  }

  @Test
  void withoutABellItIsFoundByLooking() {
    try (var deaf = service.besideWithoutBell()) {
      assertFollowed(service, deaf);
      assertFollowed(deaf, service);
    }
  }

  /// What is written on one process comes on the other while it is written: the writer waits for
  /// the follower now and then.
  private static void assertFollowed(Harness here, Harness there) {
    var writer = here.person(TENANT, "MEMBER");
    var reader = there.person(writer.caller());
    var conversation = conversation(writer);
    try (var follower = Follower.after(reader, conversation.getId(), 0)) {
      follower.next(EventCase.HEARTBEAT);
      var writing = Writer.begin(writer, conversation);
      follower.next(EventCase.MESSAGE_CREATED);
      writing.text(0, PIECE);
      follower.next(EventCase.PART_DELTA);
      writing.text(4, PIECE);
      assertThat(follower.next(EventCase.PART_DELTA).getPartDelta().getOffset()).isEqualTo(4);
      writing.complete();
      follower.next(EventCase.MESSAGE_COMPLETED);
    }
  }

  @Test
  void bothWriteAndBothAreFollowedInOneOrder() {
    var conversation = conversation(alice);
    try (var other = service.beside();
        var here = Follower.after(alice, conversation.getId(), 0);
        var there = Follower.after(other.person(alice.caller()), conversation.getId(), 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = List.of(alice, other.person(alice.caller()), alice);
      CompletableFuture.allOf(
              writers.stream()
                  .map(each -> CompletableFuture.runAsync(() -> write(each, conversation), threads))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
      var events = untilAllAreComplete(here, writers.size());
      assertThat(untilAllAreComplete(there, writers.size())).isEqualTo(events);
      assertThat(events.stream().map(ConversationEvent::getSeq).toList())
          .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
    }
  }

  private static void write(Person person, Conversation conversation) {
    var writer = Writer.begin(person, conversation);
    for (var i = 0; i < PIECES; i++) {
      writer.text(4 * i, PIECE);
    }
    assertThat(writer.complete().getContent()).isEqualTo(PIECE.repeat(PIECES));
  }

  private static List<ConversationEvent> untilAllAreComplete(Follower follower, int messages) {
    var events = new ArrayList<ConversationEvent>();
    for (var left = messages; left > 0; ) {
      events.add(follower.nextEvent());
      left -= events.getLast().hasMessageCompleted() ? 1 : 0;
    }
    return events;
  }

  @Test
  void aWriterOnTheOtherProcessTakesOver() {
    try (var other = service.beside()) {
      var first = Writer.begin(alice, conversation(alice));
      first.text(0, "one ");
      var second = Writer.takeOver(other.person(alice.caller()), first.messageId());
      assertThat(second.stream().getPartLengthsList()).containsExactly(4);
      assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", () -> first.text(4, "lost"));
      second.text(4, "two");
      assertThat(second.complete().getContent()).isEqualTo("one two");
    }
  }
}
