package dev.agentserver.file;

import dev.agentserver.file.link.ConversationPeer;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Conversations and who may do what in them.
final class FakeConversations implements ConversationPeer {
  private final Map<UUID, Set<UUID>> readers = new ConcurrentHashMap<>();
  private final Map<UUID, Set<UUID>> writers = new ConcurrentHashMap<>();

  private final Map<UUID, UUID> messages = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();

  void reader(UUID conversation, UUID user) {
    readers.computeIfAbsent(conversation, _ -> ConcurrentHashMap.newKeySet()).add(user);
  }

  void writer(UUID conversation, UUID user) {
    reader(conversation, user);
    writers.computeIfAbsent(conversation, _ -> ConcurrentHashMap.newKeySet()).add(user);
  }

  @Override
  public boolean isReadable(UUID fileId, Collection<UUID> conversationIds) {
    asked.incrementAndGet();
    var caller = Callers.current();
    return Stream.concat(conversationIds.stream(), Stream.ofNullable(messages.get(fileId)))
        .anyMatch(id -> !caller.isOutside(id) && has(readers, id));
  }

  /// How often somebody was asked about.
  int asked() {
    return asked.get();
  }

  /// A file goes with a message of a conversation, which is not told of yet.
  void says(UUID conversation, String fileId) {
    messages.put(UUID.fromString(fileId), conversation);
  }

  void leave(UUID conversation, UUID user) {
    readers.get(conversation).remove(user);
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
