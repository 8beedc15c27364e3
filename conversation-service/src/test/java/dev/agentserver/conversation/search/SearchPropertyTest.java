package dev.agentserver.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.search.SearchModel.Run;
import dev.agentserver.conversation.search.SearchModel.Term;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.MessageMatch;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import dev.agentserver.conversation.v1.SearchMessagesResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whatever is said by whomever in whatever scripts, and whoever is a member of what: a search
/// finds what a look at every text would find. `-Dsearch.rounds=200` for long, `-Dsearch.seed`
/// again.
class SearchPropertyTest extends ServiceTest {
  private static final int PEOPLE = 3;
  private static final int CONVERSATIONS = 5;
  private static final int MESSAGES = 5;
  private static final int QUERIES = 12;

  /// A conversation, who reads it, and what was said in it.
  private record Chat(
      Conversation conversation, Set<Person> readers, Map<String, List<Run>> said) {}

  /// What is asked, and what that means.
  private record Asked(String query, List<Term> terms) {}

  private final long seed = Long.getLong("search.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void aSearchFindsWhatALookAtEveryTextWouldFind() {
    for (var round = 0; round < Integer.getInteger("search.rounds", 1); round++) {
      var people = new ArrayList<Person>();
      var chats = new ArrayList<Chat>();
      for (var tenant : List.of(UUID.randomUUID(), UUID.randomUUID())) {
        var here = new ArrayList<Person>();
        for (var i = 0; i < PEOPLE; i++) {
          here.add(service.person(tenant, "MEMBER"));
        }
        for (var i = 0; i < CONVERSATIONS; i++) {
          chats.add(chat(tenant, here));
        }
        people.addAll(here);
      }
      for (var i = 0; i < QUERIES; i++) {
        var asked = ask();
        for (var person : people) {
          assertThat(found(person, asked.query()))
              .as("seed %d, round %d: %s", seed, round, asked)
              .isEqualTo(expected(person, asked.terms(), chats));
        }
      }
    }
  }

  private Chat chat(UUID tenant, List<Person> people) {
    var owner = people.get(random.nextInt(people.size()));
    var conversation = conversation(owner);
    var readers = new HashSet<>(Set.of(owner));
    for (var person : people) {
      if (person != owner && random.nextInt(3) == 0) {
        service.join(conversation.getId(), tenant, person, "VIEWER");
        readers.add(person);
      }
    }
    var said = new HashMap<String, List<Run>>();
    for (var i = 0; i < MESSAGES; i++) {
      var text = SearchModel.text(random);
      said.put(say(owner, conversation, text.text()).getId(), text.runs());
    }
    if (random.nextInt(5) == 0) {
      owner
          .conversations()
          .deleteConversation(
              DeleteConversationRequest.newBuilder()
                  .setConversationId(conversation.getId())
                  .build());
      readers.clear();
    }
    return new Chat(conversation, readers, said);
  }

  private Asked ask() {
    var query = new StringBuilder();
    var terms = new ArrayList<Term>();
    for (var i = random.nextInt(1, 3); i > 0; i--) {
      switch (random.nextInt(3)) {
        case 0 -> {
          var phrase = SearchModel.text(random, 3, List.of(" ", "", "-"));
          query.append('"').append(phrase.text()).append("\" ");
          terms.add(new Term(phrase.runs(), false));
        }
        case 1 -> {
          var word = SearchModel.text(random, 2, List.of(""));
          query.append(word.text()).append(' ');
          terms.add(new Term(word.runs(), false));
        }
        default -> {
          var beginning = List.of("str", "ub", "h", "ми", "x").get(random.nextInt(5));
          query.append(beginning).append("* ");
          terms.add(new Term(List.of(new Run(beginning, true)), true));
        }
      }
    }
    return new Asked(query.toString(), terms);
  }

  private static Set<String> expected(Person person, List<Term> query, List<Chat> chats) {
    var ids = new HashSet<String>();
    for (var chat : chats) {
      if (chat.readers().contains(person)) {
        chat.said()
            .forEach(
                (id, text) -> {
                  if (SearchModel.finds(query, text)) {
                    ids.add(id);
                  }
                });
      }
    }
    return ids;
  }

  private static Set<String> found(Person person, String query) {
    var search = MessageSearchServiceGrpc.newBlockingStub(person.channel());
    var request = SearchMessagesRequest.newBuilder().setQuery(query).setPageSize(4);
    var ids = new HashSet<String>();
    SearchMessagesResponse page;
    do {
      page = search.searchMessages(request.build());
      for (MessageMatch match : page.getMatchesList()) {
        assertThat(match.getHighlightsList()).as(match.getSnippet()).isNotEmpty();
        assertThat(ids.add(match.getMessageId())).isTrue();
      }
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    return ids;
  }
}
