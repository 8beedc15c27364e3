package dev.agentserver.conversation.link;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import java.util.Collection;
import java.util.UUID;

/// Who may read files because of the conversations that use them.
public final class FileAccess {
  private final Database database;
  private final AttachmentStore store = new AttachmentStore();

  public FileAccess(Database database) {
    this.database = database;
  }

  /// Whether the caller may read a message that the file goes with, or one of the conversations
  /// that use it as a whole.
  boolean isReadable(Caller caller, UUID fileId, Collection<UUID> conversationIds) {
    return database.read(
        db ->
            store.isReadable(db, caller, conversationIds) || store.isReadable(db, caller, fileId));
  }
}
