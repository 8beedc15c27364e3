package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageResponse;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Many writers whose pieces are written in one transaction.
class GroupTest extends ServiceTest {
  private static final int WRITERS = 15;
  private static final int MIDDLE = WRITERS / 2;

  /// What an append holds in memory beside its text.
  private static final int OVERHEAD = 64;

  private record Desk(Conversation conversation, Writer writer) {}

  /// Writers of a conversation each, in the order in which these are locked.
  private List<Desk> desks(int count) {
    var desks = new ArrayList<Desk>();
    for (var i = 0; i < count; i++) {
      var conversation = conversation(alice);
      desks.add(new Desk(conversation, Writer.begin(alice, conversation, inFirstLane())));
    }
    return desks;
  }

  /// Messages are spread over lanes by their keys; these are all written by the same one.
  private static UUID inFirstLane() {
    var id = UUID.randomUUID();
    while (Math.floorMod(new StreamKey(TENANT, id).hashCode(), 2) != 0) {
      id = UUID.randomUUID();
    }
    return id;
  }

  @Test
  void aWriterThatIsFencedInTheMiddleOfAGroupIsRefusedAlone() {
    var desks = desks(WRITERS);
    desks.forEach(desk -> desk.writer().text(0, "first "));
    var victim = desks.get(MIDDLE);
    CompletableFuture<Writer> second;
    List<CompletableFuture<AppendMessageResponse>> appends;
    try (var other = service.beside();
        var group = new Gathering(desks, "second")) {
      appends = group.appends;
      try (var _ = new Obstacle(service, victim.conversation())) {
        var bob = other.person(alice.caller());
        second = Later.of(() -> Writer.takeOver(bob, victim.writer().messageId()));
        Await.until("the second writer at the lock", () -> service.blocked() == 2);
        group.go();
        Await.until("the group behind it", () -> service.blocked() == 2);
      }
      assertThat(Later.get(second).stream().getPartLengthsList()).containsExactly(6);
    }
    for (var i = 0; i < WRITERS; i++) {
      var append = appends.get(i);
      if (i == MIDDLE) {
        assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", () -> Later.get(append));
      } else {
        assertThat(Later.get(append).getPartLengthsList()).containsExactly(12);
      }
    }
    assertOneTransaction("second", WRITERS - 1);
    var fresh = new Writer(alice, Later.get(second).stream());
    fresh.text(6, "other");
    assertThat(fresh.complete().getContent()).isEqualTo("first other");
    desks.remove(MIDDLE);
    desks.forEach(
        desk -> assertThat(desk.writer().complete().getContent()).isEqualTo("first second"));
  }

  @Test
  void whatTheDatabaseRefusesFailsAlone() {
    service.sql(
        """
        create function refuse() returns trigger language plpgsql as $$
        begin
          if new.content = 'poison' then raise exception 'this is refused'; end if;
          return new;
        end $$;
        create trigger refuse before insert on conversation_event
          for each row execute function refuse();
        """);
    var desks = desks(WRITERS);
    List<CompletableFuture<AppendMessageResponse>> appends;
    try (var group = new Gathering(desks, "poison", "good")) {
      appends = group.appends;
    }
    for (var i = 0; i < WRITERS; i++) {
      var append = appends.get(i);
      if (i == MIDDLE) {
        assertProblem(Code.INTERNAL, "INTERNAL", () -> Later.get(append));
      } else {
        assertThat(Later.get(append).getPartLengthsList()).containsExactly(4);
      }
    }
    service.sql("drop trigger refuse on conversation_event");
    assertThat(desks.get(MIDDLE).writer().text(0, "poison").getPartLengthsList())
        .containsExactly(6);
    desks.get(MIDDLE).writer().complete();
    desks.remove(MIDDLE);
    desks.forEach(desk -> assertThat(desk.writer().complete().getContent()).isEqualTo("good"));
  }

  @Test
  void whoTakesOverTakesAlongWhatTheWriterBeforeHadSent() {
    var desk = desks(1).getFirst();
    CompletableFuture<AppendMessageResponse> sent;
    CompletableFuture<AppendMessageResponse> waiting;
    CompletableFuture<Writer> second;
    try (var _ = new Obstacle(service, desk.conversation())) {
      sent = Later.of(() -> desk.writer().text(0, "sent "));
      Await.until("a blocked group", () -> service.blocked() == 1);
      waiting = Later.of(() -> desk.writer().text(5, "waiting "));
      Await.until("a piece that waits", () -> service.unwrittenBytes() == 2 * OVERHEAD + 13);
      second = Later.of(() -> Writer.takeOver(alice, desk.writer().messageId()));
    }
    assertThat(Later.get(sent).getPartLengthsList()).containsExactly(5);
    assertThat(Later.get(waiting).getPartLengthsList()).containsExactly(13);
    assertThat(Later.get(second).stream().getPartLengthsList()).containsExactly(13);
    assertThat(Later.get(second).stream().getMessage().getContent()).isEqualTo("sent waiting ");
    assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", () -> desk.writer().text(13, "lost"));
  }

  /// The pieces of all desks wait, so that they are written together then.
  private final class Gathering implements AutoCloseable {
    private final List<CompletableFuture<AppendMessageResponse>> appends = new ArrayList<>();
    private final Obstacle obstacle;
    private final CompletableFuture<AppendMessageResponse> decoy;

    /// @param middle what the writer in the middle sends
    Gathering(List<Desk> desks, String middle, String others) {
      var first = desks(1).getFirst();
      obstacle = new Obstacle(service, first.conversation());
      decoy = Later.of(() -> first.writer().text(0, "decoy"));
      Await.until("the group before", () -> service.blocked() == 1);
      var bytes = OVERHEAD + "decoy".length();
      for (var i = 0; i < desks.size(); i++) {
        var writer = desks.get(i).writer();
        var text = i == MIDDLE ? middle : others;
        var offset = writer.get().getContent().length();
        appends.add(Later.of(() -> writer.text(offset, text)));
        bytes += OVERHEAD + text.length();
      }
      var all = bytes;
      Await.until("pieces that wait", () -> service.unwrittenBytes() == all);
    }

    Gathering(List<Desk> desks, String text) {
      this(desks, text, text);
    }

    /// Lets the group before end, so that this one begins.
    private void go() {
      obstacle.release();
      Later.get(decoy);
    }

    @Override
    public void close() {
      go();
    }
  }

  private void assertOneTransaction(String content, int count) {
    assertThat(
            service.column(
                "select count(*) || ' in ' || count(distinct xmin::text) from conversation_event where content = '%s'"
                    .formatted(content)))
        .containsExactly(count + " in 1");
  }
}
