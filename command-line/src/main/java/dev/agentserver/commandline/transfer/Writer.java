package dev.agentserver.commandline.transfer;

import com.google.protobuf.Timestamp;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes conversations to the server. Every write is safe to send again: while this process lives
/// by its request id, and after it by the ids of what is written.
final class Writer {
  private static final int BATCH = 100;
  private static final int BATCH_BYTES = 3 << 20;

  private final Server server;

  Writer(Server server) {
    this.server = server;
  }

  /// Makes it with its first messages; the others follow.
  ///
  /// @param owner whose it is; null: the caller's
  void create(History history, @Nullable String owner) {
    var batches = batches(history.turns(), owner);
    var request =
        CreateConversationRequest.newBuilder()
            .setConversationId(history.id().toString())
            .setTitle(history.title())
            .setModel(history.model())
            .setExternalId(history.externalId())
            .putAllMetadata(history.metadata())
            .setRequestId(UUID.randomUUID().toString());
    if (owner != null) {
      request.setOwnerId(owner);
    }
    if (history.createdAt() != null) {
      request.setCreatedAt(
          Timestamp.newBuilder()
              .setSeconds(history.createdAt().getEpochSecond())
              .setNanos(history.createdAt().getNano()));
    }
    if (!batches.isEmpty()) {
      request.addAllMessages(batches.getFirst());
    }
    server.patience().call(() -> server.conversations().createConversation(request.build()));
    batches.stream().skip(1).forEach(batch -> append(history.id(), batch));
  }

  /// Adds messages that are not there yet.
  void append(UUID conversation, List<Turn> turns, @Nullable String owner) {
    batches(turns, owner).forEach(batch -> append(conversation, batch));
  }

  /// Gives it the title and the metadata that its source has now.
  void describe(History history, Conversation there) {
    var metadata = new TreeMap<>(there.getMetadataMap());
    metadata.putAll(history.metadata());
    var changed = Conversation.newBuilder().setId(history.id().toString()).putAllMetadata(metadata);
    var request = UpdateConversationRequest.newBuilder();
    request.getUpdateMaskBuilder().addPaths("metadata");
    if (!history.title().isEmpty()) {
      changed.setTitle(history.title());
      request.getUpdateMaskBuilder().addPaths("title");
    }
    request.setConversation(changed).setRequestId(UUID.randomUUID().toString());
    server.patience().call(() -> server.conversations().updateConversation(request.build()));
  }

  /// @param purge at once and for good, instead of into the trash
  void delete(UUID conversation, boolean purge) {
    var request =
        DeleteConversationRequest.newBuilder()
            .setConversationId(conversation.toString())
            .setPurge(purge)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    server.patience().call(() -> server.conversations().deleteConversation(request));
  }

  private void append(UUID conversation, List<MessageDraft> batch) {
    var request =
        BatchCreateMessagesRequest.newBuilder()
            .setConversationId(conversation.toString())
            .addAllMessages(batch)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    server.patience().call(() -> server.messages().batchCreateMessages(request));
  }

  private static List<List<MessageDraft>> batches(List<Turn> turns, @Nullable String owner) {
    var batches = new ArrayList<List<MessageDraft>>();
    var batch = new ArrayList<MessageDraft>();
    var bytes = 0;
    for (var turn : turns) {
      var draft = placed(turn, owner);
      var size = draft.getSerializedSize();
      if (!batch.isEmpty() && (batch.size() == BATCH || bytes + size > BATCH_BYTES)) {
        batches.add(List.copyOf(batch));
        batch.clear();
        bytes = 0;
      }
      batch.add(draft);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static MessageDraft placed(Turn turn, @Nullable String owner) {
    var draft = turn.draft().toBuilder();
    if (turn.parent() == null) {
      draft.setRoot(true);
    } else {
      draft.setParentMessageId(turn.parent().toString());
    }
    if (owner != null) {
      draft.setAuthorId(owner);
    }
    return draft.build();
  }
}
