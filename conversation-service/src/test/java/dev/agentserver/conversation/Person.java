package dev.agentserver.conversation;

import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.ConversationServiceGrpc.ConversationServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import dev.agentserver.kit.identity.Caller;
import io.grpc.Channel;

/// Somebody who calls the service, with the stubs that carry their token.
public record Person(
    Caller caller,
    Channel channel,
    ConversationServiceBlockingStub conversations,
    MessageServiceBlockingStub messages) {
  static Person on(Caller caller, Channel channel) {
    return new Person(
        caller,
        channel,
        ConversationServiceGrpc.newBlockingStub(channel),
        MessageServiceGrpc.newBlockingStub(channel));
  }
}
