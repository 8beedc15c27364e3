package dev.agentserver.conversation.sidebar;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationChange;
import dev.agentserver.conversation.v1.ConversationChange.ChangeCase;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.WatchConversationsRequest;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.test.Await;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The feed as a client has it.
class SidebarRpcTest extends ServiceTest {
  @Test
  void anEntryIsTheConversationAsItIsRead() {
    try (var list = watch(alice, "")) {
      var conversation = conversation(alice);
      var shown = list.await("it", change -> is(conversation, change));
      assertThat(shown.getConversation())
          .isEqualTo(
              alice
                  .conversations()
                  .getConversation(
                      GetConversationRequest.newBuilder()
                          .setConversationId(conversation.getId())
                          .build()));
      assertThat(list.all().getFirst().getChangeCase()).isEqualTo(ChangeCase.HEARTBEAT);
      assertThat(list.all()).noneMatch(change -> change.getResumeToken().isEmpty());
    }
  }

  @Test
  void aStreamThatIsLeftIsResumedWithItsLastToken() {
    String token;
    try (var list = watch(alice, "")) {
      var before = conversation(alice);
      token = list.await("it", change -> is(before, change)).getResumeToken();
    }
    var meanwhile = conversation(alice);
    try (var list = watch(alice, token)) {
      list.await("what is new", change -> is(meanwhile, change));
    }
  }

  @Test
  void aDamagedTokenIsRefusedAndAnOldOneResetsTheList() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.events().watchConversations(request("damaged")).next())
        .field("resume_token");
    var old = ResumeToken.of(Instant.now().minus(Duration.ofDays(31)));
    try (var list = watch(alice, old)) {
      assertThat(list.all().getFirst().getChangeCase()).isEqualTo(ChangeCase.LIST_RESET);
    }
  }

  @Test
  void whoListsAndThenWatchesMissesNothingWhateverOthersDo() throws InterruptedException {
    var people = List.of(service.person(TENANT, "MEMBER"), service.person(TENANT, "MEMBER"));
    var writers =
        people.stream()
            .map(person -> Thread.ofVirtual().start(() -> changeThings(person, 60)))
            .toList();
    try (var first = new Copy(people.getFirst());
        var second = new Copy(people.getLast())) {
      for (var writer : writers) {
        writer.join();
      }
      first.awaitTruth();
      second.awaitTruth();
    }
  }

  /// A client's copy of its list, kept by the feed alone after it was read once.
  private static final class Copy implements AutoCloseable {
    private final Person person;
    private final List<Conversation> listed;
    private final Following<ConversationChange> feed;

    Copy(Person person) {
      this.person = person;
      this.listed = list(person);
      this.feed = watch(person, "");
    }

    void awaitTruth() {
      Await.until(
          "the copy is what the service lists", () -> copy().equals(new HashSet<>(list(person))));
    }

    private HashSet<Conversation> copy() {
      var copy = listed.stream().collect(Collectors.toMap(Conversation::getId, one -> one));
      for (var change : feed.all()) {
        copy.remove(change.getConversationGone().getConversationId());
        if (change.hasConversation()) {
          copy.put(change.getConversation().getId(), change.getConversation());
        }
      }
      return new HashSet<>(copy.values());
    }

    @Override
    public void close() {
      feed.close();
    }
  }

  private static void changeThings(Person person, int times) {
    var mine = IntStream.range(0, 5).mapToObj(_ -> conversation(person)).toList();
    for (var i = 0; i < times; i++) {
      var one = mine.get(ThreadLocalRandom.current().nextInt(mine.size() - 1));
      say(person, one, "message " + i);
      if (i % 10 == 0) {
        conversation(person);
        person
            .conversations()
            .createConversation(CreateConversationRequest.newBuilder().setTemporary(true).build());
      }
    }
    person
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder()
                .setConversationId(mine.getLast().getId())
                .setPurge(ThreadLocalRandom.current().nextBoolean())
                .build());
  }

  private static List<Conversation> list(Person person) {
    return person
        .conversations()
        .listConversations(ListConversationsRequest.newBuilder().setPageSize(200).build())
        .getConversationsList();
  }

  private static boolean is(Conversation conversation, ConversationChange change) {
    return change.getConversation().getId().equals(conversation.getId());
  }

  private static WatchConversationsRequest request(String token) {
    return WatchConversationsRequest.newBuilder().setResumeToken(token).build();
  }

  private static Following<ConversationChange> watch(Person person, String token) {
    Consumer<Consumer<ConversationChange>> stream =
        reader -> {
          try (var context = Context.current().withCancellation()) {
            context.run(
                () -> person.events().watchConversations(request(token)).forEachRemaining(reader));
          } catch (StatusRuntimeException broken) {
            throw broken.getStatus().getCode() == Code.CANCELLED ? new Cancelled() : broken;
          }
        };
    var list = new Following<>(stream);
    list.await("that it is open", _ -> true);
    return list;
  }
}
