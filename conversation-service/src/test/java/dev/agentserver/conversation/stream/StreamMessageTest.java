package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.StreamMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageResponse;
import dev.agentserver.conversation.v1.StreamMessageResponse.NewsCase;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamMessageTest extends ServiceTest {
  @Test
  void manyPiecesMayBeSentWithoutWaiting() {
    var conversation = conversation(alice);
    try (var dialogue = Dialogue.begin(alice, conversation)) {
      var text = new StringBuilder();
      for (var i = 0; i < 500; i++) {
        var piece = i + " ";
        dialogue.text(text.length(), piece);
        text.append(piece);
      }
      dialogue.complete();
      var replies = dialogue.rest();
      assertThat(replies.getFirst().getNewsCase()).isEqualTo(NewsCase.OPENED);
      assertThat(replies.getLast().getEnded().getContent()).isEqualTo(text.toString());
      var acknowledged = replies.stream().filter(StreamMessageResponse::hasAcknowledged).toList();
      assertThat(acknowledged)
          .isSortedAccordingTo(
              (a, b) -> Long.compare(a.getAcknowledged().getSeq(), b.getAcknowledged().getSeq()))
          .extracting(reply -> reply.getAcknowledged().getPartLengths(0))
          .isSorted()
          .last()
          .isEqualTo(text.length());
      assertThat(replies).hasSize(acknowledged.size() + 2);
      new NaiveReader(0)
          .apply(Polling.all(alice, conversation.getId(), 0, 0))
          .hasRead(replies.getLast().getEnded());
    }
  }

  @Test
  void aFastWriterOfMuchIsSlowedDownAndNotRefused() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      var piece = "x".repeat(100_000);
      for (var i = 0; i < 40; i++) {
        dialogue.text(i * piece.length(), piece);
      }
      dialogue.complete();
      assertThat(dialogue.rest().getLast().getEnded().getContent()).hasSize(4_000_000);
    }
  }

  @Test
  void aWriterIsAskedForNoMoreThanMayBeInFlight() {
    var conversation = conversation(alice);
    try (var dialogue = Dialogue.begin(alice, conversation)) {
      dialogue.opened();
      var sent = 0;
      try (var _ = new Obstacle(service, conversation)) {
        while (sent < 64) {
          Await.until("the service asks for more", dialogue::wanted);
          dialogue.text(sent++, "x");
        }
        Await.until("all that may be in flight waits", () -> service.unwrittenBytes() == 64 * 65);
        for (; dialogue.wanted() && sent < 200; sent++) {
          dialogue.text(sent, "x");
        }
        assertThat(sent).isLessThan(70);
        assertThat(service.unwrittenBytes()).isEqualTo(64 * 65);
      }
      dialogue.complete();
      assertThat(dialogue.rest().getLast().getEnded().getContent()).hasSize(sent);
    }
  }

  @Test
  void aBrokenStreamIsResumed() {
    var conversation = conversation(alice);
    var dialogue = Dialogue.begin(alice, conversation);
    var opened = dialogue.opened();
    dialogue.text(0, "one ");
    dialogue.next();
    dialogue.close();
    Await.until("nobody who writes", () -> service.openWatches() == 0);
    assertThat(messageOf(opened.getMessage().getId()).getState())
        .isEqualTo(Message.State.STATE_STREAMING);

    try (var again = Dialogue.resume(alice, opened)) {
      var resumed = again.opened();
      assertThat(resumed.getPartLengthsList()).containsExactly(4);
      assertThat(resumed.getMessage().getContent()).isEqualTo("one ");
      again.text(0, "one two");
      again.complete();
      assertThat(again.rest().getLast().getEnded().getContent()).isEqualTo("one two");
    }
  }

  @Test
  void aStreamMayEndBeforeItsMessage() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      var opened = dialogue.opened();
      dialogue.text(0, "half");
      dialogue.finish();
      assertThat(dialogue.rest()).hasSize(1);
      assertThat(messageOf(opened.getMessage().getId()).getContent()).isEqualTo("half");
      assertThat(messageOf(opened.getMessage().getId()).getState())
          .isEqualTo(Message.State.STATE_STREAMING);
    }
  }

  @Test
  void aMessageMayEndInAnError() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      dialogue.text(0, "half");
      dialogue.send(
          StreamMessageRequest.newBuilder()
              .setFail(FailMessageRequest.newBuilder().setReason("overloaded")));
      var ended = dialogue.rest().getLast().getEnded();
      assertThat(ended.getState()).isEqualTo(Message.State.STATE_FAILED);
      assertThat(ended.getContent()).isEqualTo("half");
    }
  }

  @Test
  void aGapEndsTheStreamAfterWhatCameBefore() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      var opened = dialogue.opened();
      dialogue.text(0, "one");
      dialogue.text(4, "gap");
      dialogue.text(7, "more");
      assertProblem(
              Code.FAILED_PRECONDITION,
              "APPEND_GAP",
              () -> {
                while (true) {
                  dialogue.next();
                }
              })
          .containsEntry("expected_offset", "3");
      assertThat(messageOf(opened.getMessage().getId()).getContent()).isEqualTo("one");
      assertThat(messageOf(opened.getMessage().getId()).getState())
          .isEqualTo(Message.State.STATE_STREAMING);
    }
  }

  @Test
  void aStreamBeginsWithBeginOrResume() {
    try (var dialogue = new Dialogue(alice)) {
      dialogue.text(0, "what?");
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", dialogue::next).field("step");
    }
    try (var dialogue = new Dialogue(alice)) {
      dialogue.finish();
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", dialogue::next).field("step");
    }
    var conversation = conversation(alice);
    try (var dialogue = Dialogue.begin(alice, conversation)) {
      dialogue.opened();
      dialogue.begin(BeginMessageRequest.newBuilder().setConversationId(conversation.getId()));
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", dialogue::next).field("step");
    }
  }

  @Test
  void aStepInsideAStreamNamesNoMessage() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      var opened = dialogue.opened();
      dialogue.send(
          StreamMessageRequest.newBuilder()
              .setAppend(
                  AppendMessageRequest.newBuilder().setMessageId(opened.getMessage().getId())));
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", dialogue::next)
          .field("append.message_id");
    }
  }

  @Test
  void aWriterThatWasFollowedByAnotherIsToldAtOnce() {
    try (var first = Dialogue.begin(alice, conversation(alice))) {
      var opened = first.opened();
      first.text(0, "one");
      first.next();
      var second = Writer.takeOver(alice, opened.getMessage().getId());
      assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", first::next);
      try (var stale = Dialogue.resume(alice, opened)) {
        assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", stale::next);
      }
      try (var dialogue = Dialogue.resume(alice, second.stream())) {
        assertThat(dialogue.opened().getPartLengthsList()).containsExactly(3);
        dialogue.text(3, " two");
        dialogue.complete();
        assertThat(dialogue.rest().getLast().getEnded().getContent()).isEqualTo("one two");
      }
    }
  }

  @Test
  void aWriterThatSendsNothingForLongIsCutOffAndItsMessageCanBeGoneOnWith() {
    try (var impatient = service.besideWithoutPatience();
        var dialogue = Dialogue.begin(impatient.person(alice.caller()), conversation(alice))) {
      var opened = dialogue.opened();
      dialogue.text(0, "half");
      assertProblem(
          Code.DEADLINE_EXCEEDED,
          "DEADLINE_EXCEEDED",
          () -> {
            while (true) {
              dialogue.next();
            }
          });
      var id = opened.getMessage().getId();
      assertThat(messageOf(id).getContent()).isEqualTo("half");
      assertThat(messageOf(id).getState()).isEqualTo(Message.State.STATE_STREAMING);
      service.loseWriter(id);
      assertThat(messageOf(id).getState()).isEqualTo(Message.State.STATE_INCOMPLETE);
      assertThat(messageOf(id).getContent()).isEqualTo("half");
      try (var again = Dialogue.resume(alice, Writer.takeOver(alice, id).stream())) {
        again.text(4, " and half");
        again.complete();
        assertThat(again.rest().getLast().getEnded().getContent()).isEqualTo("half and half");
      }
    }
  }

  @Test
  void aWriterThatPausesSaysThatItIsThereByAppendingNothing() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      dialogue.opened();
      dialogue.append(List.of());
      assertThat(dialogue.next().getAcknowledged().getPartLengthsList()).isEmpty();
      dialogue.text(0, "whole");
      dialogue.complete();
      assertThat(dialogue.rest().getLast().getEnded().getContent()).isEqualTo("whole");
    }
  }

  /// Writers hear of what concerns them by a bell: reading every event would cost a query for each
  /// flush of each of them.
  @Test
  void aWriterReadsNoEvents() {
    try (var dialogue = Dialogue.begin(alice, conversation(alice))) {
      dialogue.opened();
      assertThat(service.openWatches()).isZero();
      dialogue.complete();
      dialogue.rest();
    }
  }
}
