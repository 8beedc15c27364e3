package dev.agentserver.conversation;

import dev.agentserver.conversation.v1.BranchServiceGrpc;
import dev.agentserver.conversation.v1.BranchServiceGrpc.BranchServiceBlockingStub;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc.ConversationEventServiceBlockingStub;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.ConversationServiceGrpc.ConversationServiceBlockingStub;
import dev.agentserver.conversation.v1.FeedbackServiceGrpc;
import dev.agentserver.conversation.v1.FeedbackServiceGrpc.FeedbackServiceBlockingStub;
import dev.agentserver.conversation.v1.LegalHoldServiceGrpc;
import dev.agentserver.conversation.v1.LegalHoldServiceGrpc.LegalHoldServiceBlockingStub;
import dev.agentserver.conversation.v1.MemberServiceGrpc;
import dev.agentserver.conversation.v1.MemberServiceGrpc.MemberServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc.MessageStreamServiceBlockingStub;
import dev.agentserver.conversation.v1.ShareServiceGrpc;
import dev.agentserver.conversation.v1.ShareServiceGrpc.ShareServiceBlockingStub;
import dev.agentserver.conversation.v1.TagServiceGrpc;
import dev.agentserver.conversation.v1.TagServiceGrpc.TagServiceBlockingStub;
import dev.agentserver.kit.identity.Caller;
import io.grpc.Channel;

/// Somebody who calls the service, with the stubs that carry their token.
public record Person(
    Caller caller,
    Channel channel,
    ConversationServiceBlockingStub conversations,
    MessageServiceBlockingStub messages,
    MessageStreamServiceBlockingStub streams,
    ConversationEventServiceBlockingStub events,
    MemberServiceBlockingStub members,
    LegalHoldServiceBlockingStub holds,
    BranchServiceBlockingStub branches,
    TagServiceBlockingStub tags,
    ShareServiceBlockingStub shares,
    FeedbackServiceBlockingStub feedback) {
  static Person on(Caller caller, Channel channel) {
    return new Person(
        caller,
        channel,
        ConversationServiceGrpc.newBlockingStub(channel),
        MessageServiceGrpc.newBlockingStub(channel),
        MessageStreamServiceGrpc.newBlockingStub(channel),
        ConversationEventServiceGrpc.newBlockingStub(channel),
        MemberServiceGrpc.newBlockingStub(channel),
        LegalHoldServiceGrpc.newBlockingStub(channel),
        BranchServiceGrpc.newBlockingStub(channel),
        TagServiceGrpc.newBlockingStub(channel),
        ShareServiceGrpc.newBlockingStub(channel),
        FeedbackServiceGrpc.newBlockingStub(channel));
  }
}
