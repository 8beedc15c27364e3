package dev.agentserver.conversation.sidebar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.Await;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What is sent of a list.
class SidebarTest extends ElsewhereTest {
  @Test
  void whatIsNewOrChangesIsShownAsItIsThen() {
    try (var list = follow(carol, "")) {
      var conversation = conversation(carol);
      list.await("the new one", shows(conversation, _ -> true));
      rename(carol, conversation, "Rome");
      list.await("its new title", shows(conversation, now -> title(now).equals("Rome")));
    }
  }

  @Test
  void activityThatDoesNotCountAsAChangeIsShownALittleLater() {
    var conversation = conversation(carol);
    try (var list = follow(carol, "")) {
      say(carol, conversation, "hello");
      say(carol, conversation, "hello again");
      list.await("both", shows(conversation, now -> now.activity().messageCount() == 2));
    }
  }

  @Test
  void whatIsDeletedIsGoneAndBackWhenItIsUndeleted() {
    var conversation = conversation(carol);
    try (var list = follow(carol, "")) {
      list.await("it", shows(conversation, _ -> true));
      delete(carol, conversation, false);
      list.await("that it is gone", tellsGone(conversation));
      var before = list.all().size();
      undelete(conversation);
      Await.until(
          "it is back",
          () ->
              list.all().stream()
                  .skip(before)
                  .anyMatch(shows(conversation, now -> !now.deleted())));
    }
  }

  @Test
  void whatIsPurgedIsGoneForAllAlsoForThoseWhoWereAway() {
    var conversation = conversation(carol);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var token = token(carol);
    try (var there = follow(bob, "")) {
      delete(carol, conversation, true);
      there.await("that it is gone", tellsGone(conversation));
    }
    try (var back = follow(carol, token)) {
      back.await("that it is gone", tellsGone(conversation));
    }
  }

  @Test
  void somebodyWhoIsNoMemberAnyMoreIsToldThatItIsGone() {
    var conversation = conversation(carol);
    try (var list = follow(carol, "")) {
      list.await("it", shows(conversation, _ -> true));
      service.sql(
          """
          with lost as (
            delete from conversation_member where conversation_id = '%s'
            returning tenant_id, user_id, conversation_id)
          insert into conversation_member_gone select *, clock_timestamp() from lost
          """
              .formatted(conversation.getId()));
      list.await("that it is gone", tellsGone(conversation));
    }
  }

  @Test
  void membersSeeEachOthersEffectsAndNotWhatConcernsOneAlone() {
    var conversation = conversation(carol);
    service.join(conversation.getId(), TENANT, bob, "EDITOR");
    try (var carols = follow(carol, "");
        var bobs = follow(bob, "")) {
      rename(bob, conversation, "Bob was here");
      carols.await("his title", shows(conversation, now -> title(now).equals("Bob was here")));
      var answer = say(bob, conversation, "hello");
      carols.await("something unread", shows(conversation, now -> now.membership().unread()));
      markRead(carol, conversation);
      carols.await(
          "that she has read",
          shows(
              conversation,
              now ->
                  now.membership().lastReadSeq() == answer.getSeq() && !now.membership().unread()));
      rename(carol, conversation, "the end");
      bobs.await("the end", shows(conversation, now -> title(now).equals("the end")));
      assertThat(bobs.all())
          .noneMatch(shows(conversation, now -> now.membership().lastReadSeq() > 0));
    }
  }

  @Test
  void archivedOnesStayAndTemporaryOnesNeverCome() {
    var conversation = conversation(carol);
    var temporary =
        carol
            .conversations()
            .createConversation(CreateConversationRequest.newBuilder().setTemporary(true).build());
    try (var list = follow(carol, "")) {
      service.sql(
          "update conversation_member set archived = true, changed_at = clock_timestamp() where conversation_id = '%s'"
              .formatted(conversation.getId()));
      list.await("that it is archived", shows(conversation, now -> now.membership().archived()));
      delete(carol, temporary, false);
      rename(carol, conversation, "last");
      list.await("the last", shows(conversation, now -> title(now).equals("last")));
      assertThat(list.all()).noneMatch(shows(temporary, _ -> true)).noneMatch(tellsGone(temporary));
    }
  }

  @Test
  void aSlowReaderGetsTheNewestState() {
    var conversation = conversation(carol);
    var mayRead = new CountDownLatch(1);
    Consumer<Consumer<Change>> slowly =
        reader ->
            sidebar.follow(
                carol.caller(),
                "",
                change -> {
                  if (change instanceof Change.Shown) {
                    Await.latch(mayRead);
                  }
                  reader.accept(change);
                });
    try (var list = new Following<Change>(slowly)) {
      list.await("that it is open", change -> change instanceof Change.Heartbeat);
      for (var step = 1; step <= 20; step++) {
        rename(carol, conversation, "step " + step);
      }
      mayRead.countDown();
      list.await("the newest", shows(conversation, now -> title(now).equals("step 20")));
      assertThat(shown(list)).hasSizeLessThan(10);
    }
  }

  @Test
  void aStreamThatIsOpenSaysSoAtOnceAndEveryNowAndThen() {
    try (var list = follow(carol, "")) {
      Await.until("three heartbeats", () -> list.all().size() >= 3);
      assertThat(list.all()).hasOnlyElementsOfType(Change.Heartbeat.class);
      var conversation = conversation(carol);
      try (var resumed = follow(carol, ResumeToken.of(list.all().getFirst().seen()))) {
        resumed.await("what came after the heartbeat", shows(conversation, _ -> true));
      }
    }
  }

  @Test
  void theStreamEndsSomeTimeAfterTheTokenHasExpired() {
    var caller = carol.caller();
    var expiring =
        new Caller(
            caller.tenantId(),
            caller.principalId(),
            caller.kind(),
            caller.roles(),
            caller.permissions(),
            caller.credentialId(),
            clock.instant());
    try (var list = new Following<Change>(reader -> sidebar.follow(expiring, "", reader))) {
      Await.until("it lives in its time of grace", () -> list.all().size() >= 3);
      clock.move(LIMITS.tokenGrace().plusSeconds(1));
      list.awaitEnd();
      assertThat(list.all().getLast()).isInstanceOf(Change.Expired.class);
      assertThat(list.all().subList(0, list.all().size() - 1))
          .hasOnlyElementsOfType(Change.Heartbeat.class);
    }
  }
}
