package dev.agentserver.agentrun;

import dev.agentserver.agentrun.link.ConversationPeer;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The conversations that there are; or all but those that are closed.
public final class FakeConversations implements ConversationPeer {
  private final boolean open;
  private final Set<UUID> known = ConcurrentHashMap.newKeySet();
  private final Set<UUID> readOnly = ConcurrentHashMap.newKeySet();
  private final Map<UUID, UUID> messages = new ConcurrentHashMap<>();
  private volatile Runnable afterwards = () -> {};

  public FakeConversations() {
    this(false);
  }

  private FakeConversations(boolean open) {
    this.open = open;
  }

  /// Whatever id is that of a conversation.
  public static FakeConversations open() {
    return new FakeConversations(true);
  }

  /// A conversation in which whoever asks may write.
  public UUID add() {
    var id = UUID.randomUUID();
    known.add(id);
    return id;
  }

  /// One in which nobody may.
  public UUID closed() {
    var id = add();
    close(id);
    return id;
  }

  /// From now on nobody may write in it.
  public void close(UUID id) {
    readOnly.add(id);
  }

  /// A message that was said in a conversation.
  public UUID message(UUID conversation) {
    var id = UUID.randomUUID();
    messages.put(id, conversation);
    return id;
  }

  /// What happens once, after somebody has asked and before the answer is used.
  public void afterwards(Runnable what) {
    afterwards = what;
  }

  @Override
  public void require(UUID id) {
    if (!open && !known.contains(id)) {
      throw missing("conversation", id);
    }
  }

  @Override
  public void requireWritable(UUID id) {
    require(id);
    if (readOnly.contains(id)) {
      throw missing("conversation", id);
    }
    var next = afterwards;
    afterwards = () -> {};
    next.run();
  }

  @Override
  public UUID conversationOf(UUID messageId) {
    var conversation = messages.get(messageId);
    if (conversation == null) {
      throw missing("message", messageId);
    }
    return conversation;
  }

  private static RuntimeException missing(String resource, UUID id) {
    return new Problem.NotFound(resource, id.toString()).raise();
  }
}
