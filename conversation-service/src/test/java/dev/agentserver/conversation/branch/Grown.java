package dev.agentserver.conversation.branch;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;

/// Large conversations of simple shapes, made batch by batch.
public final class Grown {
  private static final int BATCH = 100;

  private final Person person;
  private final Conversation conversation;
  private final List<MessageDraft> waiting = new ArrayList<>();

  private Grown(Person person, Conversation conversation) {
    this.person = person;
    this.conversation = conversation;
  }

  /// One message after the other.
  public static void line(Person person, Conversation conversation, int count) {
    new Grown(person, conversation).grow(count, i -> MessageDraft.newBuilder().setContent("m" + i));
  }

  /// So many branches, each of which leaves the one before after its first message.
  public static void chain(Person person, Conversation conversation, int branches) {
    var ids = new String[branches + 1];
    new Grown(person, conversation)
        .grow(
            2 * branches,
            i -> {
              var draft = MessageDraft.newBuilder().setContent("m" + i);
              if (i % 2 == 1) {
                ids[i / 2 + 1] = UUID.randomUUID().toString();
                draft.setId(ids[i / 2 + 1]);
              }
              return i < 2 ? draft.setRoot(true) : draft.setParentMessageId(ids[i / 2]);
            });
  }

  /// So many branches that leave after one message.
  public static void fan(Person person, Conversation conversation, int branches) {
    var stem = UUID.randomUUID().toString();
    new Grown(person, conversation)
        .grow(
            branches + 2,
            i ->
                i == 0
                    ? MessageDraft.newBuilder().setId(stem).setContent("stem")
                    : MessageDraft.newBuilder().setContent("m" + i).setParentMessageId(stem));
  }

  private void grow(int count, IntFunction<MessageDraft.Builder> draft) {
    for (var i = 0; i < count; i++) {
      waiting.add(draft.apply(i).setRole(Message.Role.user).build());
      if (waiting.size() == BATCH || i == count - 1) {
        person
            .messages()
            .batchCreateMessages(
                BatchCreateMessagesRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .addAllMessages(waiting)
                    .build());
        waiting.clear();
      }
    }
  }
}
