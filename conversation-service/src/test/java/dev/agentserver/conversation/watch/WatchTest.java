package dev.agentserver.conversation.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.stream.Writer;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent.EventCase;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.conversation.v1.WatchConversationRequest.Start;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class WatchTest extends ServiceTest {
  @Test
  void whoWatchesFromTheBeginningGetsWhatWasAndThenWhatHappens() {
    var conversation = conversation(alice);
    say(alice, conversation, "question");
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "ans");
    try (var follower = Follower.of(alice, watch(conversation))) {
      var reader = new NaiveReader(0);
      var first = follower.next();
      assertThat(first.getEventCase()).isEqualTo(EventCase.HEARTBEAT);
      assertThat(first.getSeq()).isZero();
      follower.tell(reader, 4);
      writer.text(3, "wer");
      follower.tell(reader, 5);
      var whole = writer.complete();
      follower.tell(reader, 6);
      reader.hasRead(whole);
    }
  }

  @Test
  void whoResumesGetsExactlyWhatFollows() {
    var conversation = conversation(alice);
    for (var text : new String[] {"one", "two", "three"}) {
      say(alice, conversation, text);
    }
    try (var follower = Follower.after(alice, conversation.getId(), 1)) {
      assertThat(follower.next().getSeq()).isEqualTo(1);
      var events = follower.nextEvents(2);
      assertThat(events.get(0).getSeq()).isEqualTo(2);
      assertThat(events.get(1).getMessageCreated().getMessage().getContent()).isEqualTo("three");
    }
  }

  @Test
  void whoWatchesTheTailGetsOnlyWhatHappensFromNowOn() {
    var conversation = conversation(alice);
    say(alice, conversation, "before");
    try (var follower = Follower.of(alice, watch(conversation).setStart(Start.START_TAIL))) {
      assertThat(follower.next().getSeq()).isEqualTo(1);
      say(alice, conversation, "after");
      var event = follower.nextEvent();
      assertThat(event.getSeq()).isEqualTo(2);
      assertThat(event.getMessageCreated().getMessage().getContent()).isEqualTo("after");
    }
  }

  @Test
  void aSnapshotIsTheStateThatTheNextEventsChange() {
    var conversation = conversation(alice);
    say(alice, conversation, "question");
    var writer = Writer.begin(alice, conversation);
    writer.text(0, "half ");
    try (var follower = Follower.of(alice, watch(conversation).setStart(Start.START_SNAPSHOT))) {
      var snapshot = follower.next();
      assertThat(snapshot.getSeq()).isEqualTo(4);
      assertThat(snapshot.getSnapshot().getLast()).isTrue();
      assertThat(snapshot.getSnapshot().getConversation().getTitle()).isEqualTo("trip");
      assertThat(snapshot.getSnapshot().getMessagesList())
          .extracting(Message::getContent)
          .containsExactly("question", "half ");
      var reader = new NaiveReader(0);
      reader.apply(snapshot);
      writer.text(5, "and half");
      var whole = writer.complete();
      follower.tell(reader, 6);
      reader.hasRead(whole);
    }
  }

  @Test
  void aWatchBeyondTheLastEventIsRefused() {
    var conversation = conversation(alice);
    say(alice, conversation, "one");
    try (var follower = Follower.after(alice, conversation.getId(), 2)) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", follower::next).field("after_seq");
    }
  }

  @Test
  void aHeartbeatSaysHowFarTheStreamHasCome() {
    var conversation = conversation(alice);
    try (var follower = Follower.of(alice, watch(conversation))) {
      say(alice, conversation, "one");
      follower.next(EventCase.MESSAGE_CREATED);
      assertThat(follower.next(EventCase.HEARTBEAT).getSeq()).isEqualTo(1);
      say(alice, conversation, "two");
      follower.next(EventCase.MESSAGE_CREATED);
      assertThat(follower.next(EventCase.HEARTBEAT).getSeq()).isEqualTo(2);
    }
  }

  @Test
  void whoGoesAwayStopsNothing() {
    var conversation = conversation(alice);
    var writer = Writer.begin(alice, conversation);
    try (var follower = Follower.of(alice, watch(conversation))) {
      writer.text(0, "on ");
      follower.next(EventCase.PART_DELTA);
    }
    writer.text(3, "and on");
    try (var follower = Follower.after(alice, conversation.getId(), 3)) {
      assertThat(follower.nextEvent().getPartDelta().getText()).isEqualTo("and on");
    }
    assertThat(writer.complete().getState()).isEqualTo(Message.State.STATE_COMPLETE);
  }

  @Test
  void aChangedTitleIsAnEvent() {
    var conversation = conversation(alice);
    try (var follower = Follower.of(alice, watch(conversation))) {
      var update =
          UpdateConversationRequest.newBuilder()
              .setConversation(conversation.toBuilder().setTitle("journey"));
      update.getUpdateMaskBuilder().addPaths("title");
      var updated = alice.conversations().updateConversation(update.build());
      var event = follower.nextEvent().getConversationUpdated().getConversation();
      assertThat(event.getTitle()).isEqualTo("journey");
      assertThat(event.getEtag()).isEqualTo(updated.getEtag());
    }
  }

  @Test
  void aStrangerFindsNothingToWatchAndAViewerMay() {
    var conversation = conversation(alice);
    say(alice, conversation, "secret");
    try (var follower = Follower.of(bob, watch(conversation))) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", follower::next);
    }
    var viewer = service.person(TENANT, "MEMBER");
    service.join(conversation.getId(), TENANT, viewer, "VIEWER");
    try (var follower = Follower.of(viewer, watch(conversation))) {
      assertThat(follower.nextEvent().getMessageCreated().getMessage().getContent())
          .isEqualTo("secret");
    }
    assertThatThrownBy(() -> Writer.begin(viewer, conversation))
        .hasMessageContaining("PERMISSION_DENIED");
  }

  static WatchConversationRequest.Builder watch(Conversation conversation) {
    return WatchConversationRequest.newBuilder().setConversationId(conversation.getId());
  }
}
