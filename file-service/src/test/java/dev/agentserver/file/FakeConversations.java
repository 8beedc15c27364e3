package dev.agentserver.file;

import dev.agentserver.file.link.ConversationPeer;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Conversations and who may do what in them.
final class FakeConversations implements ConversationPeer {
  private final Map<UUID, Set<UUID>> readers = new ConcurrentHashMap<>();
  private final Map<UUID, Set<UUID>> writers = new ConcurrentHashMap<>();

  void reader(UUID conversation, UUID user) {
    readers.computeIfAbsent(conversation, _ -> ConcurrentHashMap.newKeySet()).add(user);
  }

  void writer(UUID conversation, UUID user) {
    reader(conversation, user);
    writers.computeIfAbsent(conversation, _ -> ConcurrentHashMap.newKeySet()).add(user);
  }

  @Override
  public boolean isReadable(UUID conversationId) {
    return has(readers, conversationId);
  }

  @Override
  public void requireWritable(UUID conversationId, @Nullable UUID messageId) {
    if (!has(writers, conversationId) && !Callers.current().mayAny("conversation:write")) {
      throw new Problem.NotFound("conversation", conversationId.toString()).raise();
    }
  }

  private static boolean has(Map<UUID, Set<UUID>> who, UUID conversation) {
    return who.getOrDefault(conversation, Set.of()).contains(Callers.current().principalId());
  }
}
