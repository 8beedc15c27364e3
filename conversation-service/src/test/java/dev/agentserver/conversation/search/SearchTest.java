package dev.agentserver.conversation.search;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.stream.Writer;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.MessageMatch;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import dev.agentserver.conversation.v1.SearchMessagesResponse;
import dev.agentserver.conversation.v1.UndeleteConversationRequest;
import dev.agentserver.kit.test.Fewest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchTest extends ServiceTest {
  private Person carol;

  @BeforeEach
  void somebodyNew() {
    carol = service.person(TENANT, "MEMBER");
  }

  @Test
  void wordsPhrasesAndBeginningsAreFoundWhateverTheirCaseAndAccents() {
    var conversation = conversation(carol);
    var street = say(carol, conversation, "Die Straße über den Fluss");
    var tokyo = say(carol, conversation, "我住在东京都附近。");
    var rice = say(carol, conversation, "ฉันกินข้าวแล้ว");
    assertThat(ids(carol, "strasse FLUSS")).containsExactly(street.getId());
    assertThat(ids(carol, "\"uber den\"")).containsExactly(street.getId());
    assertThat(ids(carol, "\"den uber\"")).isEmpty();
    assertThat(ids(carol, "den über")).containsExactly(street.getId());
    assertThat(ids(carol, "flu")).isEmpty();
    assertThat(ids(carol, "flu* STRASSE")).containsExactly(street.getId());
    assertThat(ids(carol, "东京")).containsExactly(tokyo.getId());
    assertThat(ids(carol, "京东")).isEmpty();
    assertThat(ids(carol, "近")).containsExactly(tokyo.getId());
    assertThat(ids(carol, "ข้าว")).containsExactly(rice.getId());
    assertThat(ids(carol, "Fluss Meer")).isEmpty();
    var match = search(carol, query("fluss")).getMatches(0);
    assertThat(match.getConversationId()).isEqualTo(conversation.getId());
    assertThat(match.getConversationTitle()).isEqualTo("trip");
    assertThat(match.getRole()).isEqualTo(Message.Role.user);
    assertThat(match.getCreatedAt()).isEqualTo(street.getCreatedAt());
    assertThat(match.getSnippet()).isEqualTo("Die Straße über den Fluss");
    assertThat(match.getHighlights(0).getStart()).isEqualTo(20);
  }

  @Test
  void aWordThatEverybodyWritesIsFoundInWhatOneMayReadOnly() {
    var strangers = new ArrayList<Person>();
    for (var tenant : List.of(TENANT, TENANT, UUID.randomUUID(), UUID.randomUUID())) {
      var person = service.person(tenant, "MEMBER");
      say(person, conversation(person), "plutonium " + tenant);
      strangers.add(person);
    }
    var owner = service.person(TENANT, "TENANT_OWNER");
    for (var query : List.of("plutonium", "pluto*", "\"plutonium\"")) {
      assertThat(ids(carol, query)).isEmpty();
      assertThat(ids(owner, query)).isEmpty();
      strangers.forEach(person -> assertThat(ids(person, query)).hasSize(1));
    }
    var page = search(strangers.getFirst(), query("plutonium"));
    assertThat(page.getNextPageToken()).isEmpty();
    assertThat(page.getPartial()).isFalse();
  }

  @Test
  void sharedConversationsAreFoundAsLongAsTheyAreShared() {
    var conversation = conversation(alice);
    var said = say(alice, conversation, "rhubarb");
    assertThat(ids(carol, "rhubarb")).isEmpty();
    service.join(conversation.getId(), TENANT, carol, "VIEWER");
    assertThat(ids(carol, "rhubarb")).containsExactly(said.getId());
    service.sql(
        "delete from conversation_member where user_id = '%s'"
            .formatted(carol.caller().principalId()));
    assertThat(ids(carol, "rhubarb")).isEmpty();
  }

  @Test
  void ofMoreThanFiveHundredSharedConversationsTheNewestAreSearchedAndTheReplySaysSo() {
    var oldest = conversation(alice);
    say(alice, oldest, "gooseberry");
    service.join(oldest.getId(), TENANT, carol, "VIEWER");
    assertThat(ids(carol, "gooseberry")).hasSize(1);
    service.sql(
        """
        with made as (
          insert into conversation (tenant_id, conversation_id, owner_id, title, model, temporary, metadata, message_count, preview,
            last_branch_no, last_event_seq, version, created_at, updated_at, last_activity_at, last_event_at)
          select '%s', gen_random_uuid(), gen_random_uuid(), '', '', false, '{}', 0, '', 0, 0, 1, now(), now(), now(), now()
          from generate_series(1, 500) returning tenant_id, conversation_id)
        insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)
          select tenant_id, conversation_id, '%s', 'EDITOR', now() + interval '1 hour', now() from made"""
            .formatted(TENANT, carol.caller().principalId()));
    var found = search(carol, query("gooseberry"));
    assertThat(found.getPartial()).isTrue();
    assertThat(found.getMatchesList()).isEmpty();
    assertThat(
            search(carol, query("gooseberry").setConversationId(oldest.getId())).getMatchesList())
        .hasSize(1);
  }

  @Test
  void filtersNarrowTheSearch() {
    var first = conversation(carol);
    var second = conversation(carol);
    var question = say(carol, first, "apples");
    var answer =
        carol
            .messages()
            .createMessage(draft(first, "apples too").setRole(Message.Role.assistant).build());
    var other = say(carol, second, "apples");
    assertThat(ids(carol, "apples"))
        .containsExactly(other.getId(), answer.getId(), question.getId());
    assertThat(ids(carol, query("apples").setRole(Message.Role.assistant)))
        .containsExactly(answer.getId());
    assertThat(ids(carol, query("apples").setConversationId(second.getId())))
        .containsExactly(other.getId());
    assertThat(ids(carol, query("apples").setStartTime(answer.getCreatedAt())))
        .containsExactly(other.getId(), answer.getId());
    assertThat(ids(carol, query("apples").setEndTime(answer.getCreatedAt())))
        .containsExactly(question.getId());
    var future = Timestamps.fromMillis(System.currentTimeMillis() + 1_000_000);
    assertThat(ids(carol, query("apples").setStartTime(future))).isEmpty();
  }

  @Test
  void pagesHoldEveryMatchOnce() {
    var conversation = conversation(carol);
    var batch = BatchCreateMessagesRequest.newBuilder().setConversationId(conversation.getId());
    IntStream.range(0, 25)
        .forEach(
            i ->
                batch.addMessages(
                    MessageDraft.newBuilder().setRole(Message.Role.user).setContent("pears " + i)));
    carol.messages().batchCreateMessages(batch.build());
    var seen = new ArrayList<String>();
    var request = query("pears").setPageSize(10);
    SearchMessagesResponse page;
    do {
      page = search(carol, request);
      seen.addAll(page.getMatchesList().stream().map(MessageMatch::getMessageId).toList());
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    var token = search(carol, query("pears").setPageSize(10)).getNextPageToken();
    var other = query("apples").setPageToken(token);
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", () -> search(carol, other));
  }

  /// The texts that a page has to be cut from are not all in memory.
  @Test
  void aPageOfLongTextsIsShort() {
    var conversation = conversation(carol);
    var text = "plum " + "x".repeat(900_000);
    IntStream.range(0, 4).forEach(_ -> say(carol, conversation, text));
    var page = search(carol, query("plum"));
    assertThat(page.getMatchesCount()).isEqualTo(3);
    var rest = search(carol, query("plum").setPageToken(page.getNextPageToken()));
    assertThat(rest.getMatchesCount()).isEqualTo(1);
  }

  @Test
  void whatIsInTheTrashIsNotFoundUntilItComesBack() {
    var conversation = conversation(carol);
    say(carol, conversation, "quince");
    delete(conversation, false);
    assertThat(ids(carol, "quince")).isEmpty();
    carol
        .conversations()
        .undeleteConversation(
            UndeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .build());
    assertThat(ids(carol, "quince")).hasSize(1);
    delete(conversation, true);
    assertThat(ids(carol, "quince")).isEmpty();
    assertThat(service.column("select message_id from message_search where words @@ 'quince'"))
        .isEmpty();
  }

  /// Also of one that was stopped, or taken over after its writer was lost.
  @Test
  void anAnswerThatWasStreamedIsFoundWhenItHasEnded() {
    var conversation = conversation(carol);
    var writer = Writer.begin(carol, conversation);
    writer.text(0, "mulberry");
    assertThat(ids(carol, "mulberry")).isEmpty();
    service.loseWriter(writer.messageId());
    assertThat(ids(carol, "mulberry")).containsExactly(writer.messageId());
    var second = Writer.takeOver(carol, writer.messageId());
    second.text(8, " tree");
    second.complete();
    assertThat(ids(carol, "\"mulberry tree\"")).containsExactly(writer.messageId());
    var stopped = Writer.begin(carol, conversation);
    stopped.text(0, "mulberry jam");
    stopped.stop();
    assertThat(ids(carol, "jam")).containsExactly(stopped.messageId());
  }

  @Test
  void temporaryConversationsAreNotIndexed() {
    var temporary =
        carol
            .conversations()
            .createConversation(
                CreateConversationRequest.newBuilder()
                    .setTemporary(true)
                    .addMessages(
                        MessageDraft.newBuilder()
                            .setRole(Message.Role.user)
                            .setContent("elderberry"))
                    .build());
    say(carol, temporary, "elderberry");
    assertThat(ids(carol, "elderberry")).isEmpty();
  }

  @Test
  void whateverIsAskedIsAnswered() {
    for (var query :
        List.of(
            "' & !x",
            "a:*",
            "((",
            "\"open",
            "<->",
            "\\",
            "x'y",
            "* x*",
            "u:" + carol.caller().principalId())) {
      assertThat(search(carol, query(query + " a")).getMatchesList()).isEmpty();
    }
    for (var nothing : List.of(" ", "**", "\"\"", "👍")) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> search(carol, query(nothing)));
    }
    var stranger = query("x").setConversationId(conversation(alice).getId());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> search(carol, stranger));
  }

  @Test
  void aSearchIsTwoStatements() {
    say(carol, conversation(carol), "medlar");
    search(carol, query("medlar"));
    assertThat(Fewest.of(() -> service.statements(() -> search(carol, query("medlar")))))
        .isEqualTo(2);
  }

  private void delete(Conversation conversation, boolean purge) {
    carol
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setPurge(purge)
                .build());
  }

  private static SearchMessagesRequest.Builder query(String query) {
    return SearchMessagesRequest.newBuilder().setQuery(query);
  }

  private static SearchMessagesResponse search(
      Person person, SearchMessagesRequest.Builder request) {
    return MessageSearchServiceGrpc.newBlockingStub(person.channel())
        .searchMessages(request.build());
  }

  private static List<String> ids(Person person, String query) {
    return ids(person, query(query));
  }

  private static List<String> ids(Person person, SearchMessagesRequest.Builder request) {
    return search(person, request).getMatchesList().stream()
        .map(MessageMatch::getMessageId)
        .toList();
  }
}
