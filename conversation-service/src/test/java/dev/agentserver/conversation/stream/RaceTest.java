package dev.agentserver.conversation.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.watch.Follower;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/// Writers who take a message from each other at any moment, in two processes.
class RaceTest extends ServiceTest {
  private static final int WRITERS = 6;
  private static final int TURNS = 8;
  private static final int PIECES = 5;

  /// What was acknowledged, and where.
  private record Piece(int offset, String text) {}

  @Test
  void whatWasAcknowledgedIsThereWhoeverTookOver() {
    var conversation = conversation(alice);
    var messageId = Writer.begin(alice, conversation).messageId();
    var acknowledged = new ConcurrentLinkedQueue<Piece>();
    try (var other = service.beside();
        var follower = Follower.after(alice, conversation.getId(), 0)) {
      var doors = List.of(alice, other.person(alice.caller()));
      var racing = new ArrayList<CompletableFuture<Boolean>>();
      for (var i = 0; i < WRITERS; i++) {
        var door = doors.get(i % doors.size());
        var name = Character.toString('a' + i);
        racing.add(
            Later.of(
                () -> {
                  race(door, messageId, name, acknowledged);
                  return true;
                }));
      }
      racing.forEach(Later::get);
      var whole = Writer.takeOver(alice, messageId).complete();
      assertThere(whole, acknowledged);
      var reader = new NaiveReader(0);
      follower.next(
          event -> {
            reader.apply(event);
            return event.hasMessageCompleted();
          });
      reader.hasRead(whole);
      new NaiveReader(0).apply(Polling.all(alice, conversation.getId(), 0, 9)).hasRead(whole);
    }
  }

  private static void race(
      Person door, String messageId, String name, Collection<Piece> acknowledged) {
    for (var turn = 0; turn < TURNS; turn++) {
      var writer = Writer.takeOver(door, messageId);
      var lengths = writer.stream().getPartLengthsList();
      var length = lengths.isEmpty() ? 0 : lengths.getFirst();
      try {
        for (var i = 0; i < PIECES; i++) {
          var piece = new Piece(length, name + turn + i + " ");
          writer.text(piece.offset(), piece.text());
          acknowledged.add(piece);
          length += piece.text().length();
        }
      } catch (StatusRuntimeException refused) {
        assertThat(refused).hasMessageContaining("another writer took the message over");
      }
    }
  }

  /// A piece that was not acknowledged may be there all the same; none may be elsewhere.
  private static void assertThere(Message whole, Collection<Piece> acknowledged) {
    assertThat(acknowledged).isNotEmpty();
    for (var piece : acknowledged) {
      assertThat(whole.getContent().startsWith(piece.text(), piece.offset())).isTrue();
    }
    assertThat(whole.getContent()).matches("([a-f]\\d\\d )*");
    assertThat(whole.getContent().split(" ")).doesNotHaveDuplicates();
  }
}
