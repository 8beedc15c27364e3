package dev.agentserver.conversation;

import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Message;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// A conversation-service on a real PostgreSQL, behind every production interceptor, with a
/// database of its own for each test class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceTest {
  protected static final UUID TENANT = UUID.randomUUID();

  protected Harness service;
  protected Person alice;
  protected Person bob;

  @BeforeAll
  void startService() {
    service = Harness.start();
    alice = service.person(TENANT, "MEMBER");
    bob = service.person(TENANT, "MEMBER");
  }

  @AfterAll
  void stopService() {
    service.close();
  }

  protected static Conversation conversation(Person person) {
    return person
        .conversations()
        .createConversation(CreateConversationRequest.newBuilder().setTitle("trip").build());
  }

  protected static CreateMessageRequest.Builder draft(Conversation conversation, String text) {
    return CreateMessageRequest.newBuilder()
        .setConversationId(conversation.getId())
        .setRole(Message.Role.user)
        .setContent(text);
  }

  protected Message messageOf(String messageId) {
    return alice
        .messages()
        .getMessage(GetMessageRequest.newBuilder().setMessageId(messageId).build());
  }

  protected static Message say(Person person, Conversation conversation, String text) {
    return person.messages().createMessage(draft(conversation, text).build());
  }
}
