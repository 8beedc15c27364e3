package dev.agentserver.conversation.conversation;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.kit.test.Fewest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConversationListTest extends ServiceTest {
  private Person carol;

  @BeforeEach
  void somebodyWithoutConversations() {
    carol = service.person(TENANT, "MEMBER");
  }

  @Test
  void pagesHoldEveryConversationOnceTheLatestActiveFirst() {
    var made = IntStream.range(0, 23).mapToObj(_ -> conversation(carol).getId()).toList();
    assertThat(walk(carol, ListConversationsRequest.newBuilder().setPageSize(5).build()))
        .isEqualTo(made.reversed());
  }

  @Test
  void aWalkWhileOthersAreAddedLosesAndRepeatsNothing() {
    var made = IntStream.range(0, 10).mapToObj(_ -> conversation(carol).getId()).toList();
    var first =
        carol
            .conversations()
            .listConversations(ListConversationsRequest.newBuilder().setPageSize(4).build());
    conversation(carol);
    var rest =
        walk(
            carol,
            ListConversationsRequest.newBuilder()
                .setPageSize(4)
                .setPageToken(first.getNextPageToken())
                .build());
    var seen =
        new ArrayList<>(first.getConversationsList().stream().map(Conversation::getId).toList());
    seen.addAll(rest);
    assertThat(seen).isEqualTo(made.reversed());
  }

  @Test
  void activityMovesAConversationUp() {
    var first = conversation(carol);
    var second = conversation(carol);
    service.sql(
        "update conversation.conversation_member set last_activity_at = last_activity_at - interval '1 hour'"
            + " where user_id = '"
            + carol.caller().principalId()
            + "'");
    service.sql("update conversation.conversation set listed_at = listed_at - interval '1 hour'");
    say(carol, first, "hello");
    assertThat(list(ListConversationsRequest.newBuilder()))
        .containsExactly(first.getId(), second.getId());
  }

  @Test
  void theDateRangeIncludesItsStartAndExcludesItsEnd() {
    var conversation = conversation(carol);
    var at = conversation.getLastActivityAt();
    assertThat(list(ListConversationsRequest.newBuilder().setStartTime(at)))
        .containsExactly(conversation.getId());
    assertThat(list(ListConversationsRequest.newBuilder().setEndTime(at))).isEmpty();
    var later = Timestamp.newBuilder().setSeconds(at.getSeconds() + 1).build();
    assertThat(list(ListConversationsRequest.newBuilder().setStartTime(later))).isEmpty();
    assertThat(list(ListConversationsRequest.newBuilder().setStartTime(at).setEndTime(later)))
        .containsExactly(conversation.getId());
  }

  @Test
  void everyFilterLeavesOutWhatDoesNotMatch() {
    var agent = UUID.randomUUID().toString();
    var wanted =
        carol
            .conversations()
            .createConversation(
                CreateConversationRequest.newBuilder()
                    .setTitle("Rice 100% of the time")
                    .setAgentId(agent)
                    .setExternalId(agent)
                    .putMetadata("project", "x")
                    .putMetadata("other", "y")
                    .build())
            .getId();
    var other = conversation(carol).getId();
    assertThat(list(ListConversationsRequest.newBuilder().setAgentId(agent)))
        .containsExactly(wanted);
    assertThat(list(ListConversationsRequest.newBuilder().setExternalId(agent)))
        .containsExactly(wanted);
    assertThat(list(ListConversationsRequest.newBuilder().setTitleContains("rICE 100%")))
        .containsExactly(wanted);
    assertThat(list(ListConversationsRequest.newBuilder().setTitleContains("_ice"))).isEmpty();
    assertThat(list(ListConversationsRequest.newBuilder().putMetadata("project", "x")))
        .containsExactly(wanted);
    assertThat(
            list(
                ListConversationsRequest.newBuilder()
                    .putMetadata("project", "x")
                    .putMetadata("other", "z")))
        .isEmpty();
    assertThat(list(ListConversationsRequest.newBuilder().setPinned(true))).isEmpty();
    assertThat(list(ListConversationsRequest.newBuilder().setPinned(false)))
        .containsExactly(other, wanted);
    assertThat(list(ListConversationsRequest.newBuilder().setArchived(true))).isEmpty();
    assertThat(list(ListConversationsRequest.newBuilder().setShared(false)))
        .containsExactly(other, wanted);
    service.join(wanted, TENANT, bob, "VIEWER");
    assertThat(ids(bob, ListConversationsRequest.newBuilder().setShared(true)))
        .containsExactly(wanted);
  }

  @Test
  void anotherTenantsConversationsAreNotListed() {
    conversation(carol);
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertThat(ids(elsewhere, ListConversationsRequest.newBuilder())).isEmpty();
  }

  @Test
  void aPageTokenIsGoodOnlyWhereItWasMade() {
    IntStream.range(0, 3).forEach(_ -> conversation(carol));
    var token =
        carol
            .conversations()
            .listConversations(ListConversationsRequest.newBuilder().setPageSize(1).build())
            .getNextPageToken();
    refused(bob, ListConversationsRequest.newBuilder().setPageToken(token));
    refused(carol, ListConversationsRequest.newBuilder().setPageToken(token).setTitleContains("x"));
    refused(carol, ListConversationsRequest.newBuilder().setPageToken("garbage"));
    refused(carol, ListConversationsRequest.newBuilder().setPageToken(token.substring(1)));
  }

  @Test
  void pageSizesAreCutToTheLimitAndNegativeOnesRefused() {
    conversation(carol);
    assertThat(list(ListConversationsRequest.newBuilder().setPageSize(Integer.MAX_VALUE)))
        .hasSize(1);
    var negative = ListConversationsRequest.newBuilder().setPageSize(-1).build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> carol.conversations().listConversations(negative))
        .field("page_size");
  }

  @Test
  void aListOfFiftyIsOneStatement() {
    IntStream.range(0, 50).forEach(_ -> conversation(carol));
    assertThat(
            Fewest.of(
                () ->
                    service.statements(
                        () -> list(ListConversationsRequest.newBuilder().setPageSize(50)))))
        .isEqualTo(1);
  }

  private void refused(Person person, ListConversationsRequest.Builder request) {
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
        () -> person.conversations().listConversations(request.build()));
  }

  private List<String> list(ListConversationsRequest.Builder request) {
    return ids(carol, request);
  }

  private static List<String> ids(Person person, ListConversationsRequest.Builder request) {
    return person.conversations().listConversations(request.build()).getConversationsList().stream()
        .map(Conversation::getId)
        .toList();
  }

  private static List<String> walk(Person person, ListConversationsRequest from) {
    var ids = new ArrayList<String>();
    var request = from;
    while (true) {
      var page = person.conversations().listConversations(request);
      assertThat(page.getConversationsCount()).isBetween(1, from.getPageSize());
      page.getConversationsList().forEach(conversation -> ids.add(conversation.getId()));
      if (page.getNextPageToken().isEmpty()) {
        return ids;
      }
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    }
  }
}
