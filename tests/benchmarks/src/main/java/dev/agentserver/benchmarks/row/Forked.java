package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import java.util.ArrayList;
import java.util.List;

/// A conversation in which every tenth message was said in place of another one.
final class Forked {
  private static final int EVERY = 10;
  private static final int BATCH = 90;

  private final Stage stage;
  private final String conversation;
  private int length;

  Forked(Stage stage, String conversation) {
    this.stage = stage;
    this.conversation = conversation;
  }

  /// The newest message of the path.
  String leaf() {
    return Ids.of(Ids.PATH, length - 1);
  }

  /// Makes it, through the service.
  void grow(int messages) {
    length = messages;
    var channel = Account.channel(stage.server().conversation());
    try {
      var token = stage.account().token();
      Account.as(token, ConversationServiceGrpc.newBlockingStub(channel))
          .createConversation(
              CreateConversationRequest.newBuilder().setConversationId(conversation).build());
      var stub = Account.as(token, MessageServiceGrpc.newBlockingStub(channel));
      var drafts = new ArrayList<MessageDraft>();
      for (var depth = 0; depth < length; depth++) {
        if (depth > 0 && depth % EVERY == 0) {
          drafts.add(draft(depth).build());
        }
        drafts.add(draft(depth).setId(Ids.of(Ids.PATH, depth)).build());
        if (drafts.size() >= BATCH || depth == length - 1) {
          say(stub, drafts);
          drafts.clear();
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static MessageDraft.Builder draft(int depth) {
    var draft = MessageDraft.newBuilder().setRole(Message.Role.user).setContent(Ids.TEXT);
    return depth == 0 ? draft : draft.setParentMessageId(Ids.of(Ids.PATH, depth - 1));
  }

  private void say(MessageServiceBlockingStub stub, List<MessageDraft> drafts) {
    stub.batchCreateMessages(
        BatchCreateMessagesRequest.newBuilder()
            .setConversationId(conversation)
            .addAllMessages(drafts)
            .build());
  }
}
