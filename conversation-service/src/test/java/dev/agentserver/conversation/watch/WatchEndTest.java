package dev.agentserver.conversation.watch;

import static dev.agentserver.conversation.watch.WatchTest.watch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEvent.EventCase;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.End.Reason;
import dev.agentserver.conversation.v1.RemoveMemberRequest;
import dev.agentserver.conversation.v1.UndeleteConversationRequest;
import dev.agentserver.conversation.v1.WatchConversationRequest.Start;
import dev.agentserver.kit.test.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Why a watch ends that nobody closes.
class WatchEndTest extends ServiceTest {
  @Test
  void aDeletedConversationEndsItsWatches() {
    var conversation = conversation(alice);
    say(alice, conversation, "one");
    try (var follower = Follower.of(alice, watch(conversation))) {
      follower.next(EventCase.MESSAGE_CREATED);
      delete(conversation, false);
      assertThat(follower.nextEvent().getEventCase()).isEqualTo(EventCase.CONVERSATION_DELETED);
      assertEnd(follower, Reason.REASON_DELETED, 2);
    }
  }

  @Test
  void aPurgedConversationEndsItsWatches() {
    var conversation = conversation(alice);
    say(alice, conversation, "one");
    try (var follower = Follower.of(alice, watch(conversation))) {
      follower.next(EventCase.MESSAGE_CREATED);
      delete(conversation, true);
      assertEnd(follower, Reason.REASON_DELETED, 1);
    }
  }

  @Test
  void aConversationThatIsBackIsFollowedPastItsDeletion() {
    var conversation = conversation(alice);
    delete(conversation, false);
    alice
        .conversations()
        .undeleteConversation(
            UndeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .build());
    say(alice, conversation, "again");
    try (var follower = Follower.of(alice, watch(conversation))) {
      assertThat(follower.nextEvents(3))
          .extracting(ConversationEvent::getEventCase)
          .containsExactly(
              EventCase.CONVERSATION_DELETED,
              EventCase.CONVERSATION_UPDATED,
              EventCase.MESSAGE_CREATED);
    }
  }

  @Test
  void aMemberWhoWasRemovedIsSentAway() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    say(alice, conversation, "one");
    try (var follower = Follower.of(bob, watch(conversation))) {
      follower.next(EventCase.MESSAGE_CREATED);
      service.sql(
          "delete from conversation_member where conversation_id = '%s' and user_id = '%s'"
              .formatted(conversation.getId(), bob.caller().principalId()));
      assertEnd(follower, Reason.REASON_REVOKED, 1);
    }
  }

  @Test
  void aMemberWhoIsRemovedIsSentAwayAtOnceHoweverMuchIsGoingOn() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    try (var busy = service.besideWithoutTime();
        var follower =
            Follower.of(
                busy.person(bob.caller()), watch(conversation).setStart(Start.START_TAIL))) {
      follower.next();
      alice
          .members()
          .removeMember(
              RemoveMemberRequest.newBuilder()
                  .setConversationId(conversation.getId())
                  .setUserId(bob.caller().principalId().toString())
                  .build());
      var left = follower.nextEvent();
      assertThat(left.getMemberChanged().getUserId())
          .isEqualTo(bob.caller().principalId().toString());
      assertEnd(follower, Reason.REASON_REVOKED, 1);
    }
  }

  @Test
  void anExpiredTokenEndsAWatchAndAFreshOneGoesOn() {
    var conversation = conversation(alice);
    say(alice, conversation, "one");
    try (var later = service.beside()) {
      var follower = Follower.of(later.person(alice.caller()), watch(conversation));
      follower.next(EventCase.MESSAGE_CREATED);
      later.clock().move(Duration.ofDays(1));
      assertEnd(follower, Reason.REASON_TOKEN_EXPIRED, 1);
    }
    say(alice, conversation, "two");
    try (var follower = Follower.after(alice, conversation.getId(), 1)) {
      assertThat(follower.nextEvent().getMessageCreated().getMessage().getContent())
          .isEqualTo("two");
    }
  }

  @Test
  void nothingIsLeftOfWatchesThatWereClosed() {
    var conversation = conversation(alice);
    try (var follower = Follower.of(alice, watch(conversation).setStart(Start.START_TAIL))) {
      follower.next();
      Await.until("a watch", () -> service.openWatches() > 0);
    }
    Await.until("no watch", () -> service.openWatches() == 0);
  }

  private void delete(Conversation conversation, boolean purge) {
    alice
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setPurge(purge)
                .build());
  }

  private static void assertEnd(Follower follower, Reason reason, long seq) {
    var end = follower.next(EventCase.END);
    assertThat(end.getEnd().getReason()).isEqualTo(reason);
    assertThat(end.getSeq()).isEqualTo(seq);
    assertThatThrownBy(follower::next).isInstanceOf(Follower.Ended.class);
  }
}
