package dev.agentserver.e2e.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.Heartbeat;
import dev.agentserver.conversation.v1.MessageCreated;
import dev.agentserver.conversation.v1.MessageEnded;
import dev.agentserver.conversation.v1.PartDelta;
import dev.agentserver.conversation.v1.PartStarted;
import dev.agentserver.conversation.v1.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A check that cannot fail proves nothing: each kind of damage is shown to it once.
class TranscriptsTest {
  private static final String MESSAGE = "m";
  private static final String TEXT = "e\u0301😀世界";
  private static final List<ConversationEvent> EVENTS =
      List.of(
          event(1).setMessageCreated(MessageCreated.getDefaultInstance()).build(),
          event(2).setPartStarted(PartStarted.newBuilder().setMessageId(MESSAGE)).build(),
          event(3).setPartDelta(delta(0, "e")).build(),
          event(4).setPartDelta(delta(1, "\u0301😀")).build(),
          event(5).setPartDelta(delta(3, "世界")).build(),
          event(6).setMessageCompleted(end(TEXT)).build());

  private static ConversationEvent.Builder event(long seq) {
    return ConversationEvent.newBuilder().setSeq(seq);
  }

  private static PartDelta delta(int offset, String text) {
    return PartDelta.newBuilder().setMessageId(MESSAGE).setOffset(offset).setText(text).build();
  }

  private static MessageEnded end(String text) {
    return MessageEnded.newBuilder()
        .setMessageId(MESSAGE)
        .addPartLengths(5)
        .setContentSha256(Manuscript.sha256(text))
        .build();
  }

  private static Transcript transcript(String client, List<ConversationEvent> frames) {
    var transcript = new Transcript(client);
    frames.forEach(transcript::add);
    return transcript;
  }

  /// What is said of a client that was given this.
  private static List<String> given(List<ConversationEvent> frames) {
    var clients = List.of(transcript("a", EVENTS), transcript("b", frames));
    return Transcripts.violations(transcript("stored", EVENTS), clients, Map.of(MESSAGE, TEXT));
  }

  /// What is said when everybody was given this.
  private static List<String> stored(List<ConversationEvent> frames) {
    var clients = List.of(transcript("a", frames));
    return Transcripts.violations(transcript("stored", frames), clients, Map.of(MESSAGE, TEXT));
  }

  private static List<ConversationEvent> with(int index, ConversationEvent.Builder event) {
    var changed = new ArrayList<>(EVENTS);
    changed.set(index, event.build());
    return changed;
  }

  @Test
  void everyEventOnceInOrderIsRight() {
    assertThat(given(EVENTS)).isEmpty();
    var beats = new ArrayList<>(EVENTS);
    beats.add(3, event(3).setHeartbeat(Heartbeat.getDefaultInstance()).build());
    assertThat(given(beats)).isEmpty();
  }

  @Test
  void aDroppedEventIsSeen() {
    var dropped = new ArrayList<>(EVENTS);
    dropped.remove(3);
    assertThat(given(dropped)).first().asString().isEqualTo("b: gap: 5 after 3");
  }

  @Test
  void anEndThatIsMissingIsSeen() {
    assertThat(given(EVENTS.subList(0, 5))).containsExactly("b: got 5 events of 6");
  }

  @Test
  void aDoubledEventIsSeen() {
    var doubled = new ArrayList<>(EVENTS);
    doubled.add(3, EVENTS.get(2));
    assertThat(given(doubled)).first().asString().isEqualTo("b: again: 3 after 3");
  }

  @Test
  void exchangedEventsAreSeen() {
    var exchanged = new ArrayList<>(EVENTS);
    exchanged.set(2, EVENTS.get(3));
    exchanged.set(3, EVENTS.get(2));
    assertThat(given(exchanged)).first().asString().isEqualTo("b: gap: 4 after 2");
  }

  @Test
  void anotherTextForOneClientIsSeen() {
    assertThat(given(with(4, event(5).setPartDelta(delta(3, "世間")))))
        .singleElement()
        .asString()
        .startsWith("b: got");
  }

  @Test
  void anotherTextForAllIsSeen() {
    assertThat(stored(with(4, event(5).setPartDelta(delta(3, "世間")))))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("text: ");
  }

  @Test
  void aWrongHashIsSeen() {
    assertThat(stored(with(5, event(6).setMessageCompleted(end("else")))))
        .singleElement()
        .asString()
        .startsWith("hash: ");
  }

  @Test
  void anOffsetThatIsNotTheLengthIsSeen() {
    assertThat(stored(with(4, event(5).setPartDelta(delta(2, "世界")))))
        .containsExactly("event 5 goes to 2, not 3");
  }

  @Test
  void aHeartbeatThatPromisesWhatWasNotDeliveredIsSeen() {
    var early = new ArrayList<>(EVENTS);
    early.add(3, event(4).setHeartbeat(Heartbeat.getDefaultInstance()).build());
    assertThat(given(early)).containsExactly("b: a heartbeat says 4 after 3");
  }

  @Test
  void aSnapshotThatNobodyNeedsIsSeen() {
    var cut = new ArrayList<>(EVENTS);
    cut.add(3, event(3).setSnapshot(Snapshot.getDefaultInstance()).build());
    assertThat(given(cut)).containsExactly("b: not expected after 3: SNAPSHOT");
  }
}
