package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.message.Message;

/// A message that is being written, as its writer needs to know it.
///
/// @param epoch names the writer
public record Opened(Message message, long epoch, Progress progress) {}
