package dev.agentserver.conversation;

import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc.ConversationEventServiceBlockingStub;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.ConversationServiceGrpc.ConversationServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc.MessageStreamServiceBlockingStub;
import dev.agentserver.kit.identity.Caller;
import io.grpc.Channel;

/// Somebody who calls the service, with the stubs that carry their token.
public record Person(
    Caller caller,
    Channel channel,
    ConversationServiceBlockingStub conversations,
    MessageServiceBlockingStub messages,
    MessageStreamServiceBlockingStub streams,
    ConversationEventServiceBlockingStub events) {
  static Person on(Caller caller, Channel channel) {
    return new Person(
        caller,
        channel,
        ConversationServiceGrpc.newBlockingStub(channel),
        MessageServiceGrpc.newBlockingStub(channel),
        MessageStreamServiceGrpc.newBlockingStub(channel),
        ConversationEventServiceGrpc.newBlockingStub(channel));
  }
}
