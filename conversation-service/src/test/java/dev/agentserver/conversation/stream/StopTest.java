package dev.agentserver.conversation.stream;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.StopMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageResponse;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

/// A writer that streams hears of what others do to its message, by nothing but being told.
class StopTest extends ServiceTest {
  @Test
  void aStopInTheSameProcessIsTold() {
    try (var quiet = service.besideWithoutTime()) {
      var person = quiet.person(alice.caller());
      try (var dialogue = Dialogue.begin(person, conversation(alice))) {
        var writer = new Writer(person, dialogue.opened());
        dialogue.text(0, "half an ans");
        dialogue.next();
        assertStopped(dialogue, writer.stop());
      }
    }
  }

  @Test
  void aStopInAnotherProcessIsTold() {
    try (var quiet = service.besideWithoutTime()) {
      var person = quiet.person(alice.caller());
      try (var dialogue = Dialogue.begin(person, conversation(alice))) {
        var elsewhere = new Writer(alice, dialogue.opened());
        dialogue.text(0, "half an ans");
        dialogue.next();
        assertStopped(dialogue, elsewhere.stop());
      }
    }
  }

  private static void assertStopped(Dialogue dialogue, Message stopped) {
    var rest = dialogue.rest();
    var last = rest.getLast().getAcknowledged();
    assertThat(last.getStopRequested()).isTrue();
    assertThat(last.getPartLengthsList()).containsExactly(11);
    assertThat(rest.stream().filter(StreamMessageResponse::hasEnded)).isEmpty();
    assertThat(stopped.getState()).isEqualTo(Message.State.STATE_INCOMPLETE);
    assertThat(stopped.getStateReason()).isEqualTo("CANCELLED");
    assertThat(stopped.getContent()).isEqualTo("half an ans");
  }

  @Test
  void whoResumesAMessageThatWasStoppedIsToldAtOnce() {
    try (var quiet = service.besideWithoutTime()) {
      var person = quiet.person(alice.caller());
      var writer = Writer.begin(alice, conversation(alice));
      writer.text(0, "half an ans");
      var stopped = writer.stop();
      try (var dialogue = Dialogue.resume(person, writer.stream())) {
        assertThat(dialogue.opened().getMessage()).isEqualTo(stopped);
        assertStopped(dialogue, stopped);
      }
    }
  }

  @Test
  void aTakeOverInAnotherProcessIsTold() {
    try (var quiet = service.besideWithoutTime()) {
      var person = quiet.person(alice.caller());
      try (var dialogue = Dialogue.begin(person, conversation(alice))) {
        Writer.takeOver(alice, dialogue.opened().getMessage().getId());
        assertProblem(Code.FAILED_PRECONDITION, "WRITER_FENCED", dialogue::next);
      }
    }
  }

  @Test
  void theEndOfTheConversationIsTold() {
    try (var quiet = service.besideWithoutTime()) {
      var person = quiet.person(alice.caller());
      var conversation = conversation(alice);
      try (var dialogue = Dialogue.begin(person, conversation)) {
        dialogue.opened();
        alice
            .conversations()
            .deleteConversation(
                DeleteConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .build());
        assertProblem(Code.NOT_FOUND, "NOT_FOUND", dialogue::next);
      }
    }
  }

  @Test
  void aMessageIsStoppedOnce() {
    var writer = Writer.begin(alice, conversation(alice));
    writer.text(0, "half");
    var stopped = writer.stop();
    assertThat(writer.stop()).isEqualTo(stopped);
    var other = Writer.begin(alice, conversation(alice));
    var whole = other.complete();
    assertThat(other.stop()).isEqualTo(whole);
    var said = say(alice, conversation(alice), "never streamed");
    assertThat(
            alice
                .streams()
                .stopMessage(StopMessageRequest.newBuilder().setMessageId(said.getId()).build()))
        .isEqualTo(said);
  }

  @Test
  void theRunThatWritesAMessageLearnsThatItWasStopped() {
    var conversation = conversation(alice);
    var run = service.runs().in(conversation.getId());
    var begun =
        alice
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setRunId(run.toString())
                    .build());
    var writer = new Writer(alice, begun);
    var stopped = writer.stop();
    writer.stop();
    Writer.begin(alice, conversation).stop();
    assertThat(
            service.column(
                "select data ->> 'run_id' from outbox_fact where type = 'message.stopped'"
                    + " and data ->> 'conversation_id' = '"
                    + conversation.getId()
                    + "' and subject_id = '"
                    + stopped.getId()
                    + "'"))
        .containsExactly(run.toString());
    assertThat(
            service.column(
                "select count(*) from outbox_fact where data ->> 'conversation_id' = '"
                    + conversation.getId()
                    + "'"))
        .containsExactly("1");
  }
}
