package dev.agentserver.conversation.member;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AddMemberRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.ListMembersRequest;
import dev.agentserver.conversation.v1.Member;
import dev.agentserver.conversation.v1.Membership;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.conversation.v1.RemoveMemberRequest;
import dev.agentserver.conversation.v1.UpdateMemberRequest;
import dev.agentserver.conversation.v1.UpdateMembershipRequest;
import dev.agentserver.kit.test.Fewest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemberRpcTest extends ServiceTest {
  @Test
  void whoIsAddedReadsOrWritesAsTheRoleSays() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(bob, conversation));
    var added = add(alice, conversation, bob, Role.ROLE_VIEWER);
    assertThat(added.getRole()).isEqualTo(Role.ROLE_VIEWER);
    assertThat(get(bob, conversation).getMembership().getUnread()).isTrue();
    assertThat(listed(bob, request())).contains(conversation.getId());
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> say(bob, conversation, "and I"));
    assertThat(update(alice, conversation, bob, Role.ROLE_EDITOR).getCreatedAt())
        .isEqualTo(added.getCreatedAt());
    say(bob, conversation, "and I");
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> add(alice, conversation, bob, Role.ROLE_EDITOR));
    assertThat(audited(conversation)).hasSize(2);
  }

  @Test
  void whoIsRemovedIsGoneAndWhoIsBackIsInTheListAgain() {
    var conversation = conversation(alice);
    add(alice, conversation, bob, Role.ROLE_EDITOR);
    remove(alice, conversation, bob);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(bob, conversation));
    assertThat(listed(bob, request())).doesNotContain(conversation.getId());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> remove(alice, conversation, bob));
    add(alice, conversation, bob, Role.ROLE_VIEWER);
    assertThat(listed(bob, request())).contains(conversation.getId());
    assertThat(events(conversation))
        .extracting(event -> event.getMemberChanged().getRole())
        .containsExactly(Role.ROLE_EDITOR, Role.ROLE_UNSPECIFIED, Role.ROLE_VIEWER);
  }

  @Test
  void membersLeaveByThemselvesAndTheLastOwnerDoesNot() {
    var conversation = conversation(alice);
    add(alice, conversation, bob, Role.ROLE_VIEWER);
    remove(bob, conversation, bob);
    assertProblem(Code.FAILED_PRECONDITION, "OWNER_STAYS", () -> remove(alice, conversation, alice))
        .containsEntry("id", conversation.getId());
    assertProblem(
        Code.FAILED_PRECONDITION,
        "OWNER_STAYS",
        () -> update(alice, conversation, alice, Role.ROLE_EDITOR));
    assertThat(get(alice, conversation).getOwnerId()).isEqualTo(id(alice));
  }

  @Test
  void aConversationIsHandedOnAndHasOneOwnerAlways() {
    var conversation = conversation(alice);
    add(alice, conversation, bob, Role.ROLE_VIEWER);
    update(alice, conversation, bob, Role.ROLE_OWNER);
    assertThat(get(bob, conversation).getOwnerId()).isEqualTo(id(bob));
    assertThat(members(bob, conversation))
        .extracting(Member::getRole)
        .containsExactlyInAnyOrder(Role.ROLE_OWNER, Role.ROLE_EDITOR);
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> remove(alice, conversation, bob));
    remove(alice, conversation, alice);
    assertThat(members(bob, conversation)).extracting(Member::getUserId).containsExactly(id(bob));
    assertThat(get(bob, conversation).getEtag()).startsWith("2.");
  }

  @Test
  void aRetryAddsNobodyTwice() {
    var conversation = conversation(alice);
    var request = adding(conversation, UUID.randomUUID()).setRequestId("once").build();
    var first = alice.members().addMember(request);
    assertThat(alice.members().addMember(request)).isEqualTo(first);
    assertThat(events(conversation)).hasSize(1);
  }

  @Test
  void sixtyFourWhoAreAddedAtOnceNeverMakeMoreThanAThousand() throws Exception {
    var conversation = conversation(alice);
    Crowd.join(service, TENANT, conversation, 960);
    var calls =
        IntStream.range(0, 64)
            .<Callable<Code>>mapToObj(_ -> () -> code(adding(conversation, UUID.randomUUID())))
            .toList();
    var codes = new ArrayList<Code>();
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : people.invokeAll(calls)) {
        codes.add(call.get());
      }
    }
    assertThat(codes).filteredOn(Code.OK::equals).hasSize(39);
    assertThat(codes).filteredOn(Code.RESOURCE_EXHAUSTED::equals).hasSize(25);
    assertThat(members(alice, conversation)).hasSize(1_000);
    assertProblem(
            Code.RESOURCE_EXHAUSTED,
            "TOO_MANY",
            () -> add(alice, conversation, bob, Role.ROLE_VIEWER))
        .containsEntry("limit", "1000");
  }

  @Test
  void aMessageAmongAThousandTakesAsManyStatementsAndBumpsTheirRowsOnceInTwoSeconds() {
    var small = conversation(alice);
    var large = conversation(alice);
    Crowd.join(service, TENANT, large, 999);
    for (var one : List.of(small, large)) {
      say(alice, one, "first");
    }
    service.sql("update conversation set listed_at = now() + interval '1 hour'");
    assertThat(Fewest.of(() -> service.statements(() -> say(alice, large, "second"))))
        .isEqualTo(Fewest.of(() -> service.statements(() -> say(alice, small, "second"))));
    service.sql("update conversation set listed_at = now() - interval '3 seconds'");
    assertThat(bumped(large)).isEqualTo(0);
    say(alice, large, "third");
    assertThat(bumped(large)).isEqualTo(1_000);
    var changed = changedAt(large);
    say(alice, large, "fourth");
    assertThat(changedAt(large)).isEqualTo(changed);
  }

  @Test
  void whatOneArrangesIsOnesOwn() {
    var conversation = conversation(alice);
    add(alice, conversation, bob, Role.ROLE_VIEWER);
    var pinned = arrange(bob, conversation, membership().setPinned(true));
    assertThat(pinned.getMembership().getPinned()).isTrue();
    assertThat(listed(bob, request().setPinned(true))).containsExactly(conversation.getId());
    assertThat(listed(alice, request().setPinned(true))).doesNotContain(conversation.getId());
    assertThat(arrange(bob, conversation, membership().setArchived(true)).getMembership())
        .extracting(Membership::getPinned, Membership::getArchived)
        .containsExactly(true, true);
    assertThat(listed(bob, request())).doesNotContain(conversation.getId());
    assertThat(listed(bob, request().setArchived(true))).contains(conversation.getId());
    assertThat(listed(bob, request().setArchived(true).setShared(true)))
        .contains(conversation.getId());
    var back = arrange(bob, conversation, membership(), "archived", "pinned").getMembership();
    assertThat(back).extracting(Membership::getPinned, Membership::getArchived).containsOnly(false);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> arrange(bob, conversation, membership(), "role"))
        .field("update_mask");
    assertThat(events(conversation)).hasSize(1);
  }

  @Test
  void membersAreListedInPages() {
    var conversation = conversation(alice);
    Crowd.join(service, TENANT, conversation, 4);
    var all = members(alice, conversation);
    assertThat(all).hasSize(5);
    assertThat(all).isSortedAccordingTo((a, b) -> a.getUserId().compareTo(b.getUserId()));
    var first = alice.members().listMembers(listing(conversation).setPageSize(3).build());
    var rest =
        alice
            .members()
            .listMembers(listing(conversation).setPageToken(first.getNextPageToken()).build());
    assertThat(rest.getMembersList()).isEqualTo(all.subList(3, 5));
    assertThat(rest.getNextPageToken()).isEmpty();
  }

  @Test
  void anOldIdGoesOnResolving() {
    var old =
        alice
            .conversations()
            .createConversation(
                CreateConversationRequest.newBuilder().setExternalId("clx0old").build());
    assertThat(named(alice, "clx0old").getId()).isEqualTo(old.getId());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> named(bob, "clx0old"))
        .containsEntry("id", "clx0old");
    var uuid = UUID.randomUUID().toString();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> named(alice, uuid));
  }

  private int bumped(Conversation conversation) {
    return Integer.parseInt(
        service
            .column(
                "select count(*) from conversation_member where conversation_id = '%s' and last_activity_at > now() - interval '30 minutes'"
                    .formatted(conversation.getId()))
            .getFirst());
  }

  private List<String> changedAt(Conversation conversation) {
    return service.column(
        "select max(changed_at) from conversation_member where conversation_id = '%s'"
            .formatted(conversation.getId()));
  }

  private List<String> audited(Conversation conversation) {
    return service.column(
        "select action from audit_entry where resource_id = '%s'".formatted(conversation.getId()));
  }

  private Code code(AddMemberRequest.Builder request) {
    try {
      alice.members().addMember(request.build());
      return Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }

  private static String id(Person person) {
    return person.caller().principalId().toString();
  }

  private static AddMemberRequest.Builder adding(Conversation conversation, UUID user) {
    return AddMemberRequest.newBuilder()
        .setConversationId(conversation.getId())
        .setUserId(user.toString())
        .setRole(Role.ROLE_VIEWER);
  }

  private static Member add(Person by, Conversation conversation, Person whom, Role role) {
    return by.members()
        .addMember(adding(conversation, whom.caller().principalId()).setRole(role).build());
  }

  private static Member update(Person by, Conversation conversation, Person whom, Role role) {
    return by.members()
        .updateMember(
            UpdateMemberRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setUserId(id(whom))
                .setRole(role)
                .build());
  }

  private static void remove(Person by, Conversation conversation, Person whom) {
    by.members()
        .removeMember(
            RemoveMemberRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setUserId(id(whom))
                .build());
  }

  private static Membership.Builder membership() {
    return Membership.newBuilder();
  }

  private static Conversation arrange(
      Person person, Conversation conversation, Membership.Builder membership, String... paths) {
    return person
        .members()
        .updateMembership(
            UpdateMembershipRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setMembership(membership)
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(paths)))
                .build());
  }

  private static ListMembersRequest.Builder listing(Conversation conversation) {
    return ListMembersRequest.newBuilder().setConversationId(conversation.getId());
  }

  private static List<Member> members(Person person, Conversation conversation) {
    var all = new ArrayList<Member>();
    var token = "";
    do {
      var page =
          person
              .members()
              .listMembers(listing(conversation).setPageSize(200).setPageToken(token).build());
      all.addAll(page.getMembersList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return all;
  }

  private static Conversation named(Person person, String name) {
    return person
        .conversations()
        .getConversation(GetConversationRequest.newBuilder().setConversationId(name).build());
  }

  private static Conversation get(Person person, Conversation conversation) {
    return named(person, conversation.getId());
  }

  private static ListConversationsRequest.Builder request() {
    return ListConversationsRequest.newBuilder().setPageSize(200);
  }

  private static List<String> listed(Person person, ListConversationsRequest.Builder request) {
    return person.conversations().listConversations(request.build()).getConversationsList().stream()
        .map(Conversation::getId)
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
