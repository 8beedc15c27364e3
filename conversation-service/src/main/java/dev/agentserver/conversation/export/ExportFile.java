package dev.agentserver.conversation.export;

import dev.agentserver.conversation.conversation.Conversation;
import dev.agentserver.conversation.tag.Tag;
import java.util.List;

/// How a file is written. One is for one conversation: it remembers where it is.
interface ExportFile {
  /// Its media type.
  String contentType();

  /// How its name ends.
  String ending();

  /// What stands before the messages.
  ///
  /// @param tags what it is tagged with, as far as the reader sees it
  String head(Conversation conversation, List<Tag> tags);

  String message(Exported message);

  /// What stands after the messages.
  String end();
}
