package dev.agentserver.conversation.export;

import dev.agentserver.conversation.conversation.Conversation;

/// How a file is written. One is for one conversation: it remembers where it is.
interface ExportFile {
  /// Its media type.
  String contentType();

  /// How its name ends.
  String ending();

  /// What stands before the messages.
  String head(Conversation conversation);

  String message(Exported message);

  /// What stands after the messages.
  String end();
}
