package dev.agentserver.conversation.share;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateShareLinkRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetSharedConversationRequest;
import dev.agentserver.conversation.v1.ListShareLinksRequest;
import dev.agentserver.conversation.v1.ListTenantConversationsRequest;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.RevokeShareLinkRequest;
import dev.agentserver.conversation.v1.ShareLink;
import dev.agentserver.conversation.v1.ShareServiceGrpc;
import dev.agentserver.conversation.v1.ShareWithTenantRequest;
import dev.agentserver.conversation.v1.SharedConversation;
import dev.agentserver.conversation.v1.SharedMessage;
import io.grpc.Status.Code;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShareRpcTest extends ServiceTest {
  @Test
  void whatIsSharedWithTheTenantIsReadOrWrittenByEverybodyThere() {
    var conversation = conversation(alice);
    var elsewhere = service.person(UUID.randomUUID(), "MEMBER");
    assertThat(share(alice, conversation, Role.ROLE_VIEWER).getTenantRole())
        .isEqualTo(Role.ROLE_VIEWER);
    assertThat(get(bob, conversation).hasMembership()).isFalse();
    assertThat(listed(bob)).contains(conversation.getId());
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> say(bob, conversation, "I"));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(elsewhere, conversation));
    share(alice, conversation, Role.ROLE_EDITOR);
    assertThat(say(bob, conversation, "I too").getContent()).isEqualTo("I too");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> share(bob, conversation, Role.ROLE_EDITOR));
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> delete(bob, conversation));
    share(alice, conversation, Role.ROLE_UNSPECIFIED);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(bob, conversation));
    assertThat(listed(bob)).doesNotContain(conversation.getId());
  }

  @Test
  void aLinkShowsWhatWasSaidUntilThenAndNothingElse() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    var link = link(alice, conversation);
    say(alice, conversation, "later");
    var shown = read(link.getToken());
    assertThat(shown.getTitle()).isEqualTo("trip");
    assertThat(shown.getMessagesList())
        .containsExactly(
            SharedMessage.newBuilder().setRole(Message.Role.user).setContent("hello").build());
    assertThat(shown.toString())
        .doesNotContain(conversation.getId(), TENANT.toString(), conversation.getOwnerId());
    assertThat(links(conversation)).extracting(ShareLink::getToken).containsExactly("");
    assertThat(
            service.column(
                "select count(*) from share_link where encode(token_hash, 'escape') = '%s'"
                    .formatted(link.getToken())))
        .containsExactly("0");
  }

  @Test
  void allThatIsWrongWithALinkLooksTheSame() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    var revoked = link(alice, conversation);
    revoke(conversation, revoked);
    revoke(conversation, revoked);
    var expired = link(alice, conversation);
    service.sql(
        "update share_link set expires_at = now() - interval '1 second' where share_link_id = '%s'"
            .formatted(expired.getId()));
    var deleted = conversation(alice);
    say(alice, deleted, "gone");
    var ofDeleted = link(alice, deleted);
    delete(alice, deleted);
    var unknown = ShareToken.draw(TENANT, new SecureRandom()).text();
    for (var token :
        List.of(revoked.getToken(), expired.getToken(), ofDeleted.getToken(), unknown, "x", "é")) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> read(token)).containsEntry("id", "");
    }
  }

  @Test
  void aSharedPathIsReadInPages() {
    var conversation = conversation(alice);
    for (var word : List.of("one", "two", "three")) {
      say(alice, conversation, word);
    }
    var link = link(alice, conversation);
    var first = page(link.getToken(), 2, "");
    var rest = page(link.getToken(), 2, first.getNextPageToken());
    assertThat(first.getMessagesList())
        .extracting(SharedMessage::getContent)
        .containsExactly("one", "two");
    assertThat(rest.getMessagesList())
        .extracting(SharedMessage::getContent)
        .containsExactly("three");
    assertThat(rest.getNextPageToken()).isEmpty();
    assertProblem(
        Code.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", () -> page(link.getToken(), 2, "-1"));
  }

  @Test
  void whatIsNotShownEndsNoPath() {
    var conversation = conversation(alice);
    for (var text : List.of("Be kind.", "Be brief.", "Be gone.")) {
      alice
          .messages()
          .createMessage(draft(conversation, text).setRole(Message.Role.system).build());
    }
    say(alice, conversation, "hello");
    var link = link(alice, conversation);
    var first = page(link.getToken(), 2, "");
    assertThat(first.getMessagesList()).isEmpty();
    assertThat(page(link.getToken(), 2, first.getNextPageToken()).getMessagesList())
        .extracting(SharedMessage::getContent)
        .containsExactly("hello");
  }

  @Test
  void aRetryMakesNoSecondLinkAndDoesNotSayTheTokenAgain() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    var request =
        CreateShareLinkRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setRequestId("once")
            .build();
    var first = alice.shares().createShareLink(request);
    var again = alice.shares().createShareLink(request);
    assertThat(again).isEqualTo(first.toBuilder().clearToken().build());
    assertThat(links(conversation)).hasSize(1);
  }

  private static Conversation share(Person by, Conversation conversation, Role role) {
    return by.shares()
        .shareWithTenant(
            ShareWithTenantRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setRole(role)
                .build());
  }

  private static ShareLink link(Person by, Conversation conversation) {
    return by.shares()
        .createShareLink(
            CreateShareLinkRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private void revoke(Conversation conversation, ShareLink link) {
    alice
        .shares()
        .revokeShareLink(
            RevokeShareLinkRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setShareLinkId(link.getId())
                .build());
  }

  private List<ShareLink> links(Conversation conversation) {
    return alice
        .shares()
        .listShareLinks(
            ListShareLinksRequest.newBuilder().setConversationId(conversation.getId()).build())
        .getShareLinksList();
  }

  private SharedConversation read(String token) {
    return page(token, 0, "");
  }

  private SharedConversation page(String token, int size, String pageToken) {
    return ShareServiceGrpc.newBlockingStub(service.anonymous())
        .getSharedConversation(
            GetSharedConversationRequest.newBuilder()
                .setToken(token)
                .setPageSize(size)
                .setPageToken(pageToken)
                .build());
  }

  private static List<String> listed(Person person) {
    return person
        .shares()
        .listTenantConversations(ListTenantConversationsRequest.getDefaultInstance())
        .getConversationsList()
        .stream()
        .map(Conversation::getId)
        .toList();
  }

  private static Conversation get(Person person, Conversation conversation) {
    return person
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private static void delete(Person person, Conversation conversation) {
    person
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder().setConversationId(conversation.getId()).build());
  }
}
