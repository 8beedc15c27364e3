package dev.agentserver.conversation.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Branch;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.EditMessageRequest;
import dev.agentserver.conversation.v1.ForkConversationRequest;
import dev.agentserver.conversation.v1.ListBranchesRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest.Order;
import dev.agentserver.conversation.v1.ListSiblingsRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.RegenerateMessageRequest;
import dev.agentserver.conversation.v1.SwitchBranchRequest;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation that grows by chance, beside the model of it.
final class RandomTree {
  private final Person person;
  private final Conversation conversation;
  private final Random random;
  private final TreeModel model = new TreeModel();

  /// The newest message of each branch.
  private final Map<Integer, String> leaves = new HashMap<>();

  private final Map<String, Message.Role> roles = new HashMap<>();
  private int active;
  private int texts;

  RandomTree(Person person, Conversation conversation, Random random) {
    this.person = person;
    this.conversation = conversation;
    this.random = random;
  }

  void step() {
    if (model.ids().isEmpty()) {
      sayMany();
      return;
    }
    switch (random.nextInt(9)) {
      case 0, 1 -> say(null);
      case 2 -> say(any());
      case 3, 4 -> edit(any());
      case 5 -> answerAgain(any());
      case 6 -> goTo();
      case 7 -> delete(any());
      default -> sayMany();
    }
  }

  private void say(@Nullable String parent) {
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setRole(Message.Role.user)
            .setContent("m" + texts++);
    if (parent != null) {
      request.setParentMessageId(parent);
    }
    added(
        person.messages().createMessage(request.build()),
        parent == null ? leaves.get(active) : parent);
  }

  /// A batch of messages that hang on each other, on others, or on nothing.
  private void sayMany() {
    var batch = BatchCreateMessagesRequest.newBuilder().setConversationId(conversation.getId());
    var parents = new ArrayList<@Nullable String>();
    var known = new ArrayList<>(model.ids());
    var before = leaves.get(active);
    var count = 1 + random.nextInt(8);
    for (var i = 0; i < count; i++) {
      var id = new UUID(random.nextLong(), random.nextLong()).toString();
      var draft =
          MessageDraft.newBuilder()
              .setId(id)
              .setRole(Message.Role.assistant)
              .setContent("m" + texts++);
      var parent = known.isEmpty() ? null : known.get(random.nextInt(known.size()));
      switch (random.nextInt(known.isEmpty() ? 2 : 5)) {
        case 0 -> parent = before;
        case 1 -> {
          parent = null;
          draft.setRoot(true);
        }
        default -> draft.setParentMessageId(parent);
      }
      parents.add(parent);
      known.add(id);
      before = id;
      batch.addMessages(draft);
    }
    var created = person.messages().batchCreateMessages(batch.build()).getMessagesList();
    for (var i = 0; i < count; i++) {
      added(created.get(i), parents.get(i));
    }
  }

  private void edit(String id) {
    var request = EditMessageRequest.newBuilder().setMessageId(id).setContent("m" + texts++);
    var edited = person.branches().editMessage(request.build());
    assertThat(edited.getRole()).isEqualTo(roles.get(id));
    added(edited, model.parent(id));
  }

  private void answerAgain(String id) {
    if (roles.get(id) != Message.Role.assistant) {
      return;
    }
    var begun =
        person
            .streams()
            .regenerateMessage(RegenerateMessageRequest.newBuilder().setMessageId(id).build());
    var message = begun.getMessage();
    var text = "m" + texts++;
    person
        .streams()
        .appendMessage(
            AppendMessageRequest.newBuilder()
                .setMessageId(message.getId())
                .setWriterEpoch(begun.getWriterEpoch())
                .addDeltas(Delta.newBuilder().setText(text))
                .build());
    var end =
        CompleteMessageRequest.newBuilder()
            .setMessageId(message.getId())
            .setWriterEpoch(begun.getWriterEpoch());
    added(person.streams().completeMessage(end.build()), model.parent(id));
  }

  private void goTo() {
    var numbers = List.copyOf(leaves.keySet());
    active = numbers.get(random.nextInt(numbers.size()));
    var request =
        SwitchBranchRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setBranchNo(active);
    var branch = person.branches().switchBranch(request.build());
    assertThat(branch.getLeafMessageId()).isEqualTo(leaves.get(active));
  }

  private void delete(String id) {
    person.messages().deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(id).build());
    model.delete(id);
  }

  /// Who opens a branch is on it.
  private void added(Message message, @Nullable String parent) {
    model.add(message.getId(), parent, message.getContent());
    roles.put(message.getId(), message.getRole());
    assertThat(message.getDepth()).isEqualTo(model.path(message.getId()).size() - 1);
    if (leaves.put(message.getBranchNo(), message.getId()) == null) {
      active = message.getBranchNo();
    }
  }

  private String any() {
    var ids = model.ids();
    return ids.get(random.nextInt(ids.size()));
  }

  void check() {
    leaves.forEach(
        (branch, leaf) -> {
          var path = model.path(leaf);
          assertThat(list(request().setBranchNo(branch))).isEqualTo(path);
          assertThat(list(request().setBranchNo(branch).setOrder(Order.ORDER_NEWEST_FIRST)))
              .isEqualTo(path.reversed());
        });
    assertThat(list(request())).as("the active branch").isEqualTo(model.path(leaves.get(active)));
    checkBranches();
    checkFeed();
    for (var i = 0; i < 10; i++) {
      checkAround(any());
      checkSiblings(any());
    }
    checkFork(any());
  }

  /// A branch has the messages of its parent up to its fork, and none of them after.
  private void checkBranches() {
    var request = ListBranchesRequest.newBuilder().setConversationId(conversation.getId());
    var found = new ArrayList<Branch>();
    do {
      var page = person.branches().listBranches(request.setPageSize(5).build());
      found.addAll(page.getBranchesList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(found).extracting(Branch::getBranchNo).containsExactlyElementsOf(numbers());
    for (var branch : found) {
      assertThat(branch.getLeafMessageId()).isEqualTo(leaves.get(branch.getBranchNo()));
      var path = model.path(branch.getLeafMessageId());
      assertThat(branch.getLeafDepth()).isEqualTo(path.size() - 1);
      if (branch.getForkDepth() >= 0) {
        var parent = model.path(leaves.get(branch.getParentBranchNo()));
        assertThat(parent.get(branch.getForkDepth())).isEqualTo(path.get(branch.getForkDepth()));
      }
    }
  }

  private List<Integer> numbers() {
    return leaves.keySet().stream().sorted().toList();
  }

  private void checkSiblings(String id) {
    var request = ListSiblingsRequest.newBuilder().setMessageId(id).setPageSize(2);
    var found = new ArrayList<String>();
    do {
      var page = person.branches().listSiblings(request.build());
      page.getMessagesList().forEach(message -> found.add(message.getId()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(found).isEqualTo(model.siblings(id));
  }

  /// Who reads all events knows what is there.
  private void checkFeed() {
    var events = Polling.all(person, conversation.getId(), 0, 1 + random.nextInt(50));
    var reader = new NaiveReader(0).apply(events);
    var actual = new ArrayList<Message>();
    leaves.forEach((branch, _) -> actual.addAll(read(request().setBranchNo(branch))));
    assertThat(reader.messageIds()).containsExactlyInAnyOrderElementsOf(model.ids());
    actual.forEach(reader::hasRead);
  }

  private void checkFork(String id) {
    var fork =
        person
            .branches()
            .forkConversation(
                ForkConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setMessageId(id)
                    .build());
    var copies = read(request().setConversationId(fork.getId()));
    var path = model.path(id);
    assertThat(copies)
        .extracting(Message::getContent)
        .isEqualTo(path.stream().map(model::text).toList());
    assertThat(copies).extracting(Message::getId).doesNotContainAnyElementsOf(path);
    assertThat(copies).extracting(Message::getBranchNo).containsOnly(0);
    var reader = new NaiveReader(0).apply(Polling.all(person, fork.getId(), 0, 100));
    copies.forEach(reader::hasRead);
  }

  /// The page around a message is of a path that it is on.
  private void checkAround(String id) {
    var page =
        person
            .messages()
            .listMessages(request().setPageSize(5).setAroundMessageId(id).build())
            .getMessagesList();
    var ids = page.stream().map(Message::getId).toList();
    assertThat(ids).contains(id);
    assertThat(model.path(ids.getLast())).endsWith(ids.toArray(String[]::new));
    var at = ids.indexOf(id);
    assertThat(page.get(at).getContent()).isEqualTo(model.text(id));
  }

  private ListMessagesRequest.Builder request() {
    return ListMessagesRequest.newBuilder()
        .setConversationId(conversation.getId())
        .setPageSize(1 + random.nextInt(12));
  }

  private List<String> list(ListMessagesRequest.Builder request) {
    return read(request).stream().map(Message::getId).toList();
  }

  private List<Message> read(ListMessagesRequest.Builder request) {
    var messages = new ArrayList<Message>();
    do {
      var page = person.messages().listMessages(request.build());
      messages.addAll(page.getMessagesList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return messages;
  }
}
