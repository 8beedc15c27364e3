package dev.agentserver.benchmarks.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.OnBehalfOf;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.Base64;
import java.util.Collections;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// An ordinary member of a tenant, who owns the conversations that are measured: rights are checked
/// as they are for anybody.
public final class Account implements AutoCloseable {
  private static final int LARGEST = 16 << 20;
  private static final Pattern SUBJECT = Pattern.compile("\"sub\":\"([^\"]+)\"");
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
        .maxInboundMessageSize(LARGEST)
        .build();
  }

  /// A token good for eleven minutes from now.
  public String token() {
    return token("benchmark");
  }

  /// The same of another member.
  public String token(String subject) {
    var user = OnBehalfOf.newBuilder().setExternalSubject(subject).setName("Benchmark");
    var request = ExchangeTokenRequest.newBuilder().setApiKey(key).setOnBehalfOf(user).build();
    return AccessServiceGrpc.newBlockingStub(channel).exchangeToken(request).getAccessToken();
  }

  /// Whose token it is.
  public static UUID user(String token) {
    var claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), UTF_8);
    var subject = SUBJECT.matcher(claims);
    if (!subject.find()) {
      throw new IllegalStateException("a token of nobody");
    }
    return UUID.fromString(subject.group(1));
  }

  /// A token of the tenant's owner, who may do everything.
  public String ownerToken() {
    var request = ExchangeTokenRequest.newBuilder().setApiKey(key).build();
    return AccessServiceGrpc.newBlockingStub(channel).exchangeToken(request).getAccessToken();
  }

  /// A service as the tenant's owner calls it.
  public <S extends AbstractStub<S>> S owner(Function<Channel, S> stub) {
    return as(ownerToken(), stub.apply(channel));
  }

  /// The stub with a token.
  public static <S extends AbstractStub<S>> S as(String token, S stub) {
    return stub.withInterceptors(bearer(token));
  }

  /// Puts a token on calls.
  public static ClientInterceptor bearer(String token) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /// Creates conversations of a kind, with so many messages each.
  public void create(int kind, int count, int messages) {
    var conversations = as(token(), ConversationServiceGrpc.newBlockingStub(channel));
    var draft = MessageDraft.newBuilder().setRole(Message.Role.user).setContent(Ids.TEXT).build();
    each(
        count,
        n ->
            conversations.createConversation(
                CreateConversationRequest.newBuilder()
                    .setConversationId(Ids.of(kind, n))
                    .setTitle("Measured")
                    .addAllMessages(Collections.nCopies(messages, draft))
                    .build()));
  }

  /// Does something for 1 to `count`, a few at a time.
  public static void each(int count, IntConsumer action) {
    IntStream.rangeClosed(1, count).parallel().forEach(action);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
