package dev.agentserver.benchmarks.system;

import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.OnBehalfOf;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.Collections;

/// An ordinary member of a tenant, who owns the conversations that are measured: rights are checked
/// as they are for anybody.
public final class Account implements AutoCloseable {
  /// How many messages are in a conversation that is read.
  public static final int MESSAGES = 100;

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final String key;

  public Account(AgentServer server) {
    this.channel = channel(server.gateway());
    this.key = server.key();
  }

  /// A connection that nobody else uses.
  public static ManagedChannel channel(URI target) {
    return NettyChannelBuilder.forAddress(target.getHost(), target.getPort())
        .usePlaintext()
        .directExecutor()
        .maxInboundMessageSize(16 << 20)
        .build();
  }

  /// A token good for ten minutes from now.
  public String token() {
    var user = OnBehalfOf.newBuilder().setExternalSubject("benchmark").setName("Benchmark");
    var request = ExchangeTokenRequest.newBuilder().setApiKey(key).setOnBehalfOf(user).build();
    return AccessServiceGrpc.newBlockingStub(channel).exchangeToken(request).getAccessToken();
  }

  /// The stub with a token.
  public static <S extends AbstractStub<S>> S as(String token, S stub) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /// Creates conversations to write to ([Ids#written]) and others to read from ([Ids#read]).
  public void createConversations(int count) {
    var conversations = as(token(), ConversationServiceGrpc.newBlockingStub(channel));
    for (var n = 1; n <= count; n++) {
      conversations.createConversation(
          CreateConversationRequest.newBuilder()
              .setConversationId(Ids.written(n))
              .setTitle("Written to")
              .build());
      conversations.createConversation(
          CreateConversationRequest.newBuilder()
              .setConversationId(Ids.read(n))
              .setTitle("Read from")
              .addAllMessages(Collections.nCopies(MESSAGES, draft()))
              .build());
    }
  }

  private static MessageDraft draft() {
    return MessageDraft.newBuilder().setRole(Message.Role.user).setContent(Ids.TEXT).build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
