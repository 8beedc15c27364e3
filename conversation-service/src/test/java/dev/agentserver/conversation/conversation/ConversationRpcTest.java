package dev.agentserver.conversation.conversation;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationView;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.Membership;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import io.grpc.Status.Code;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConversationRpcTest extends ServiceTest {
  @Test
  void aNewConversationBelongsToItsCreator() {
    var created =
        alice
            .conversations()
            .createConversation(
                CreateConversationRequest.newBuilder()
                    .setTitle("trip")
                    .putMetadata("k", "v")
                    .build());
    assertThat(created.getTitle()).isEqualTo("trip");
    assertThat(created.getOwnerId()).isEqualTo(alice.caller().principalId().toString());
    assertThat(created.getMembership().getRole()).isEqualTo(Membership.Role.ROLE_OWNER);
    assertThat(created.getMetadataMap()).containsEntry("k", "v");
    assertThat(created.getMessageCount()).isZero();
    assertThat(get(created.getId())).isEqualTo(created);
  }

  @Test
  void firstMessagesAreWrittenWithTheConversationAndNameIt() {
    var created =
        alice
            .conversations()
            .createConversation(
                CreateConversationRequest.newBuilder()
                    .addMessages(first(Message.Role.system, "Be kind."))
                    .addMessages(first(Message.Role.user, "What is a   good plan?\nThanks"))
                    .build());
    assertThat(created.getTitle()).isEqualTo("What is a good plan? Thanks");
    assertThat(created.getPreview()).startsWith("What is a");
    assertThat(created.getMessagesList()).extracting(Message::getDepth).containsExactly(0, 1);
    assertThat(full(created.getId()).getMessagesList()).isEqualTo(created.getMessagesList());
  }

  @Test
  void anIdOfTheClientsIsKeptAndTakenOnce() {
    var request =
        CreateConversationRequest.newBuilder()
            .setConversationId(UUID.randomUUID().toString())
            .build();
    assertThat(alice.conversations().createConversation(request).getId())
        .isEqualTo(request.getConversationId());
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> bob.conversations().createConversation(request));
  }

  @Test
  void anExternalIdIsUniqueInTheTenantAndFreeAgainAfterDeletion() {
    var external = "ext-" + UUID.randomUUID();
    var request = CreateConversationRequest.newBuilder().setExternalId(external).build();
    var created = alice.conversations().createConversation(request);
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> bob.conversations().createConversation(request));
    alice.conversations().deleteConversation(TrashTest.deletion(created).build());
    assertThat(alice.conversations().createConversation(request).getExternalId())
        .isEqualTo(external);
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () -> alice.conversations().undeleteConversation(TrashTest.undeletion(created).build()));
  }

  @Test
  void aFullViewHoldsTheNewestPageOldestFirst() {
    var conversation = conversation(alice);
    for (var i = 0; i < 60; i++) {
      say(alice, conversation, "m" + i);
    }
    var full = full(conversation.getId());
    assertThat(full.getMessagesList())
        .hasSize(50)
        .extracting(Message::getContent)
        .first()
        .isEqualTo("m10");
    assertThat(full.getMessages(49).getContent()).isEqualTo("m59");
    assertThat(full.getMessagesNextPageToken()).isNotEmpty();
    assertThat(full.getMessageCount()).isEqualTo(60);
    assertThat(get(conversation.getId()).getMessagesList()).isEmpty();
  }

  @Test
  void anUpdateChangesWhatItsMaskNamesAndKeepsTheRest() {
    var conversation =
        alice
            .conversations()
            .createConversation(
                CreateConversationRequest.newBuilder()
                    .setTitle("old")
                    .setModel("m1")
                    .putMetadata("a", "1")
                    .build());
    var update =
        UpdateConversationRequest.newBuilder()
            .setConversation(Conversation.newBuilder().setId(conversation.getId()).setTitle("new"))
            .build();
    var updated = alice.conversations().updateConversation(update);
    assertThat(updated.getTitle()).isEqualTo("new");
    assertThat(updated.getModel()).isEqualTo("m1");
    assertThat(updated.getEtag()).isNotEqualTo(conversation.getEtag());
    var pair =
        update.toBuilder()
            .setConversation(
                Conversation.newBuilder().setId(conversation.getId()).putMetadata("b", "2"))
            .setUpdateMask(mask("metadata.b", "metadata.a", "model"))
            .build();
    var paired = alice.conversations().updateConversation(pair);
    assertThat(paired.getMetadataMap()).containsOnlyKeys("b");
    assertThat(paired.getModel()).isEmpty();
    assertThat(paired.getTitle()).isEqualTo("new");
  }

  @Test
  void anUpdateOfEverythingTakesStarForAMask() {
    var conversation = conversation(alice);
    var agent = UUID.randomUUID().toString();
    var updated =
        alice
            .conversations()
            .updateConversation(
                UpdateConversationRequest.newBuilder()
                    .setConversation(
                        Conversation.newBuilder()
                            .setId(conversation.getId())
                            .setTitle("t")
                            .setModel("m")
                            .setAgentId(agent)
                            .setExternalId("e" + agent)
                            .putMetadata("k", "v"))
                    .setUpdateMask(mask("*"))
                    .build());
    assertThat(updated.getAgentId()).isEqualTo(agent);
    assertThat(updated.getExternalId()).isEqualTo("e" + agent);
    assertThat(updated.getMetadataMap()).containsEntry("k", "v");
  }

  @Test
  void theSamePopulatedFieldsWithoutAMaskAreChanged() {
    var conversation = conversation(alice);
    var agent = UUID.randomUUID().toString();
    var updated =
        alice
            .conversations()
            .updateConversation(
                UpdateConversationRequest.newBuilder()
                    .setConversation(
                        Conversation.newBuilder()
                            .setId(conversation.getId())
                            .setModel("m")
                            .setAgentId(agent)
                            .setExternalId("x" + agent)
                            .putMetadata("k", "v"))
                    .build());
    assertThat(updated.getTitle()).isEqualTo("trip");
    assertThat(updated.getModel()).isEqualTo("m");
    assertThat(updated.getAgentId()).isEqualTo(agent);
  }

  @Test
  void anUpdateThatChangesNothingKeepsTheEtag() {
    var conversation = conversation(alice);
    var same =
        UpdateConversationRequest.newBuilder()
            .setConversation(Conversation.newBuilder().setId(conversation.getId()).setTitle("trip"))
            .build();
    assertThat(alice.conversations().updateConversation(same).getEtag())
        .isEqualTo(conversation.getEtag());
  }

  @Test
  void aStaleEtagIsRefusedAndTheCurrentOneIsTold() {
    var conversation = conversation(alice);
    var update =
        UpdateConversationRequest.newBuilder()
            .setConversation(
                Conversation.newBuilder()
                    .setId(conversation.getId())
                    .setTitle("second")
                    .setEtag(conversation.getEtag()));
    alice.conversations().updateConversation(update.build());
    assertProblem(
            Code.ABORTED,
            "STALE_VERSION",
            () -> alice.conversations().updateConversation(update.build()))
        .containsEntry("etag", "2.1");
  }

  @Test
  void aNewMessageChangesTheEtagAndDoesNotStopAnUpdate() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    assertThat(get(conversation.getId()).getEtag()).isNotEqualTo(conversation.getEtag());
    var update =
        UpdateConversationRequest.newBuilder()
            .setConversation(
                Conversation.newBuilder()
                    .setId(conversation.getId())
                    .setTitle("second")
                    .setEtag(conversation.getEtag()))
            .build();
    assertThat(alice.conversations().updateConversation(update).getTitle()).isEqualTo("second");
  }

  @Test
  void aMaskThatNamesWhatCannotBeChangedIsRefused() {
    var conversation = conversation(alice);
    for (var path : new String[] {"owner_id", "metadata.", "nonsense"}) {
      var request =
          UpdateConversationRequest.newBuilder()
              .setConversation(Conversation.newBuilder().setId(conversation.getId()))
              .setUpdateMask(mask(path))
              .build();
      assertProblem(
          Code.INVALID_ARGUMENT,
          "INVALID_ARGUMENT",
          () -> alice.conversations().updateConversation(request));
    }
  }

  @Test
  void aConversationMayBeSentBackWholeButWhatIsFixedMayNotChange() {
    var conversation = conversation(alice);
    var request =
        UpdateConversationRequest.newBuilder()
            .setConversation(conversation.toBuilder().setTitle("new"))
            .setUpdateMask(mask("title", "temporary"));
    assertThat(alice.conversations().updateConversation(request.build()).getTitle())
        .isEqualTo("new");
    request.getConversationBuilder().setTemporary(true).clearEtag();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.conversations().updateConversation(request.build()))
        .field("conversation.temporary");
  }

  @Test
  void metadataStaysBoundedWhenPairsAreAddedOneByOne() {
    var conversation = conversation(alice);
    for (var i = 0; i < 16; i++) {
      alice.conversations().updateConversation(pair(conversation, "k" + i));
    }
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> alice.conversations().updateConversation(pair(conversation, "one too many")));
  }

  @Test
  void limitsAreNamedWithTheirField() {
    var tooLong = CreateConversationRequest.newBuilder().setTitle("x".repeat(256)).build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.conversations().createConversation(tooLong))
        .field("title");
    var nameless = GetConversationRequest.getDefaultInstance();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> alice.conversations().getConversation(nameless))
        .field("conversation_id");
  }

  @Test
  void aStrangersConversationIsNotFound() {
    var conversation = conversation(alice);
    var request =
        GetConversationRequest.newBuilder().setConversationId(conversation.getId()).build();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.conversations().getConversation(request))
        .containsEntry("id", conversation.getId());
  }

  private static UpdateConversationRequest pair(Conversation conversation, String key) {
    return UpdateConversationRequest.newBuilder()
        .setConversation(
            Conversation.newBuilder().setId(conversation.getId()).putMetadata(key, "v"))
        .setUpdateMask(mask("metadata." + key))
        .build();
  }

  private static FieldMask mask(String... paths) {
    return FieldMask.newBuilder().addAllPaths(java.util.List.of(paths)).build();
  }

  private static MessageDraft first(Message.Role role, String text) {
    return MessageDraft.newBuilder().setRole(role).setContent(text).build();
  }

  private Conversation get(String id) {
    return alice
        .conversations()
        .getConversation(GetConversationRequest.newBuilder().setConversationId(id).build());
  }

  private Conversation full(String id) {
    return alice
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder()
                .setConversationId(id)
                .setView(ConversationView.CONVERSATION_VIEW_FULL)
                .build());
  }
}
