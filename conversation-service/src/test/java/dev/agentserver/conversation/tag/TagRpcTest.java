package dev.agentserver.conversation.tag;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.CreateTagRequest;
import dev.agentserver.conversation.v1.DeleteTagRequest;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import dev.agentserver.conversation.v1.ListConversationTagsRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.ListTagsRequest;
import dev.agentserver.conversation.v1.MessageMatch;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import dev.agentserver.conversation.v1.Tag;
import dev.agentserver.conversation.v1.TagConversationRequest;
import dev.agentserver.conversation.v1.UntagConversationRequest;
import dev.agentserver.conversation.v1.UpdateTagRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagRpcTest extends ServiceTest {
  @Test
  void onesOwnTagsAreNobodyElsesBusiness() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var mine = create(bob, "later", false);
    put(bob, conversation, mine);
    put(bob, conversation, mine);
    assertThat(tagged(bob, mine)).containsExactly(conversation.getId());
    assertThat(on(bob, conversation)).containsExactly(mine);
    assertThat(on(alice, conversation)).isEmpty();
    assertThat(tagged(alice, mine)).isEmpty();
    assertThat(names(alice)).doesNotContain("later");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> put(alice, conversation, mine));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> rename(alice, mine, "x"));
    assertThat(events(conversation)).isEmpty();
    take(bob, conversation, mine);
    assertThat(tagged(bob, mine)).isEmpty();
  }

  @Test
  void theOrganizationsAreSeenByEverybodyPutOnByEditorsAndToldOf() {
    var admin = service.person(TENANT, "ADMIN");
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> create(alice, "urgent", true));
    var tag = create(admin, "urgent", true);
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> put(bob, conversation, tag));
    put(alice, conversation, tag);
    assertThat(on(bob, conversation)).containsExactly(tag);
    assertThat(tagged(bob, tag)).containsExactly(conversation.getId());
    take(alice, conversation, tag);
    take(alice, conversation, tag);
    assertThat(events(conversation))
        .extracting(event -> event.getTagChanged().getOn())
        .containsExactly(true, false);
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> delete(alice, tag));
    put(alice, conversation, tag);
    delete(admin, tag);
    assertThat(on(alice, conversation)).isEmpty();
  }

  @Test
  void aSearchStaysAmongTheConversationsOfATag() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var said = say(alice, conversation, "persimmon");
    var elsewhere = say(alice, conversation(alice), "persimmon");
    var mine = create(alice, "fruit", false);
    assertThat(found(alice, mine.getId())).isEmpty();
    put(alice, conversation, mine);
    assertThat(found(alice, mine.getId())).containsExactly(said.getId());
    assertThat(found(bob, mine.getId())).as("with the tag of another").isEmpty();
    assertThat(found(alice, "")).containsExactly(elsewhere.getId(), said.getId());
  }

  @Test
  void aNameIsThereOnceLetterCaseIgnored() {
    var first = create(alice, "Travel", false);
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> create(alice, "travel", false));
    assertThat(create(bob, "travel", false).getName()).isEqualTo("travel");
    var other = create(alice, "Work", false);
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> rename(alice, other, "TRAVEL"));
    assertThat(rename(alice, first, "Trips").getName()).isEqualTo("Trips");
  }

  @Test
  void tagsAreListedByNameInPages() {
    var carol = service.person(TENANT, "MEMBER");
    for (var name : List.of("b", "C", "a")) {
      create(carol, name, false);
    }
    var first = carol.tags().listTags(ListTagsRequest.newBuilder().setPageSize(2).build());
    assertThat(first.getTagsList()).extracting(Tag::getName).containsExactly("a", "b");
    var rest =
        carol
            .tags()
            .listTags(ListTagsRequest.newBuilder().setPageToken(first.getNextPageToken()).build());
    assertThat(rest.getTagsList()).extracting(Tag::getName).containsExactly("C");
  }

  @Test
  void thereIsAnEndToTags() {
    var carol = service.person(TENANT, "MEMBER");
    service.sql(
        "insert into tag (tenant_id, tag_id, owner_id, name, created_at) select '%s', gen_random_uuid(), '%s', 'tag ' || n, now() from generate_series(1, 500) n"
            .formatted(TENANT, carol.caller().principalId()));
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_MANY", () -> create(carol, "one more", false))
        .containsEntry("limit", "500");
    var conversation = conversation(carol);
    service.sql(
        "insert into conversation_tag select tenant_id, '%s', tag_id from tag where owner_id = '%s' order by name limit 50"
            .formatted(conversation.getId(), carol.caller().principalId()));
    var last =
        carol.tags().listTags(ListTagsRequest.newBuilder().setPageSize(200).build()).getTagsList();
    assertProblem(
            Code.RESOURCE_EXHAUSTED,
            "TOO_MANY",
            () -> put(carol, conversation, last.get(last.size() - 1)))
        .containsEntry("limit", "50");
  }

  private static Tag create(Person by, String name, boolean organization) {
    return by.tags()
        .createTag(
            CreateTagRequest.newBuilder().setName(name).setOrganization(organization).build());
  }

  private static Tag rename(Person by, Tag tag, String name) {
    return by.tags()
        .updateTag(UpdateTagRequest.newBuilder().setTagId(tag.getId()).setName(name).build());
  }

  private static void delete(Person by, Tag tag) {
    by.tags().deleteTag(DeleteTagRequest.newBuilder().setTagId(tag.getId()).build());
  }

  private static void put(Person by, Conversation conversation, Tag tag) {
    by.tags()
        .tagConversation(
            TagConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setTagId(tag.getId())
                .build());
  }

  private static void take(Person by, Conversation conversation, Tag tag) {
    by.tags()
        .untagConversation(
            UntagConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setTagId(tag.getId())
                .build());
  }

  private static List<Tag> on(Person person, Conversation conversation) {
    return person
        .tags()
        .listConversationTags(
            ListConversationTagsRequest.newBuilder()
                .setConversationId(conversation.getId())
                .build())
        .getTagsList();
  }

  private static List<String> names(Person person) {
    return person.tags().listTags(ListTagsRequest.getDefaultInstance()).getTagsList().stream()
        .map(Tag::getName)
        .toList();
  }

  private static List<String> tagged(Person person, Tag tag) {
    return person
        .conversations()
        .listConversations(ListConversationsRequest.newBuilder().setTagId(tag.getId()).build())
        .getConversationsList()
        .stream()
        .map(Conversation::getId)
        .toList();
  }

  private static List<String> found(Person person, String tagId) {
    var request = SearchMessagesRequest.newBuilder().setQuery("persimmon").setTagId(tagId);
    return MessageSearchServiceGrpc.newBlockingStub(person.channel())
        .searchMessages(request.build())
        .getMatchesList()
        .stream()
        .map(MessageMatch::getMessageId)
        .toList();
  }

  private List<ConversationEvent> events(Conversation conversation) {
    return alice
        .events()
        .listConversationEvents(
            ListConversationEventsRequest.newBuilder()
                .setConversationId(conversation.getId())
                .build())
        .getEventsList();
  }
}
