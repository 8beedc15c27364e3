package dev.agentserver.conversation.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.MessageMatch;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BacklogTest extends ServiceTest {
  private static final int MESSAGES = 450;

  private Backlog backlog;
  private Conversation conversation;

  @BeforeEach
  void begin() {
    backlog = new Backlog(service.kitDatabase());
    conversation = conversation(alice);
  }

  @Test
  void whatWasWrittenBeforeThereWasAnIndexIsFound() {
    var said = say(alice, conversation, "A quince, and 东京");
    say(alice, conversation, "..."); // nothing to be found
    forget(conversation);
    assertThat(found(alice, "quince")).isEmpty();
    assertThat(backlog.work()).isEqualTo(2);
    for (var query : List.of("quince", "\"a quince\"", "东京")) {
      assertThat(found(alice, query)).containsExactly(said.getId());
    }
    assertThat(found(bob, "quince")).isEmpty();
    assertThat(backlog.work()).isZero();
  }

  @Test
  void whatWasDeletedOrIsTemporaryIsNot() {
    var deleted = say(alice, conversation, "medlar");
    var passing =
        alice
            .conversations()
            .createConversation(CreateConversationRequest.newBuilder().setTemporary(true).build());
    say(alice, passing, "medlar");
    forget(conversation, passing);
    alice
        .messages()
        .deleteMessage(
            DeleteMessageRequest.newBuilder()
                .setMessageId(deleted.getId())
                .setRequestId(UUID.randomUUID().toString())
                .build());
    assertThat(backlog.work()).isEqualTo(2);
    assertThat(found(alice, "medlar")).isEmpty();
    assertThat(indexed(passing)).isEmpty();
  }

  @Test
  void manyAreDoneByAsManyProcessesAsThereAre() throws Exception {
    for (var number = 0; number < MESSAGES; number++) {
      say(alice, conversation, "loquat " + number);
    }
    forget(conversation);
    Callable<Integer> work = () -> new Backlog(service.kitDatabase()).work();
    try (var processes = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = 0;
      for (var process : processes.invokeAll(List.of(work, work, work))) {
        done += process.get();
      }
      assertThat(done + backlog.work()).isEqualTo(MESSAGES);
    }
    assertThat(service.column("select message_id from message_unsearched")).isEmpty();
    assertThat(indexed(conversation)).hasSize(MESSAGES);
  }

  /// As the migration finds what was written before it.
  private void forget(Conversation... conversations) {
    for (var each : conversations) {
      service.sql(
          "delete from message_search where conversation_id = '%s'".formatted(each.getId()));
      service.sql(
          """
          insert into message_unsearched
          select tenant_id, message_id from message where conversation_id = '%s'"""
              .formatted(each.getId()));
    }
  }

  private List<String> indexed(Conversation conversation) {
    return service.column(
        "select message_id from message_search where conversation_id = '%s'"
            .formatted(conversation.getId()));
  }

  private static List<String> found(Person person, String query) {
    var request = SearchMessagesRequest.newBuilder().setQuery(query).build();
    return MessageSearchServiceGrpc.newBlockingStub(person.channel())
        .searchMessages(request)
        .getMatchesList()
        .stream()
        .map(MessageMatch::getMessageId)
        .toList();
  }
}
