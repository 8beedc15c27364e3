package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.Harness;
import dev.agentserver.conversation.v1.Conversation;
import java.sql.Connection;
import java.sql.SQLException;

/// Somebody who holds a conversation's row: who wants to write to it waits until this is closed.
final class Obstacle implements AutoCloseable {
  private final Connection connection;

  Obstacle(Harness service, Conversation conversation) {
    this(service, conversation.getId());
  }

  private Obstacle(Harness service, String conversationId) {
    try {
      connection = service.stranger();
      connection.setAutoCommit(false);
      try (var statement =
          connection.prepareStatement(
              "select 1 from conversation where conversation_id = ?::uuid for update")) {
        statement.setString(1, conversationId);
        statement.executeQuery();
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    release();
  }

  void release() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
