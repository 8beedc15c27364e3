package dev.agentserver.commandline.server;

import dev.agentserver.conversation.v1.BranchServiceGrpc;
import dev.agentserver.conversation.v1.ConversationExportServiceGrpc;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.FeedbackServiceGrpc;
import dev.agentserver.conversation.v1.MemberServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.TagServiceGrpc;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ApiKeyServiceGrpc;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.UserServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A server, as the user whose key it is called with.
public final class Server implements AutoCloseable {
  private static final int LARGEST = 16 << 20;
  private static final long DEADLINE_SECONDS = 60;
  private static final int HTTPS = 443;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel connection;
  private final Channel channel;
  private final Patience patience;

  private Server(ManagedChannel connection, String key, Patience patience) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + key);
    this.connection = connection;
    this.channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
    this.patience = patience;
  }

  /// @param url the gateway's, for example `http://127.0.0.1:8080`
  public static Server connect(URI url, String key) {
    var secure = "https".equals(url.getScheme());
    var port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS : 80;
    var builder =
        NettyChannelBuilder.forAddress(url.getHost(), port).maxInboundMessageSize(LARGEST);
    if (!secure) {
      builder.usePlaintext();
    }
    return new Server(builder.build(), key, new Patience());
  }

  /// The same, as somebody else. Closing either closes the connection.
  Server as(String key) {
    return new Server(connection, key, patience);
  }

  /// How calls wait for a server that has too much to do, or is away.
  public Patience patience() {
    return patience;
  }

  public ConversationServiceGrpc.ConversationServiceBlockingStub conversations() {
    return stub(ConversationServiceGrpc::newBlockingStub);
  }

  public MessageServiceGrpc.MessageServiceBlockingStub messages() {
    return stub(MessageServiceGrpc::newBlockingStub);
  }

  public ConversationExportServiceGrpc.ConversationExportServiceBlockingStub exports() {
    return stub(ConversationExportServiceGrpc::newBlockingStub);
  }

  public BranchServiceGrpc.BranchServiceBlockingStub branches() {
    return stub(BranchServiceGrpc::newBlockingStub);
  }

  public MemberServiceGrpc.MemberServiceBlockingStub members() {
    return stub(MemberServiceGrpc::newBlockingStub);
  }

  public TagServiceGrpc.TagServiceBlockingStub tags() {
    return stub(TagServiceGrpc::newBlockingStub);
  }

  public FeedbackServiceGrpc.FeedbackServiceBlockingStub feedback() {
    return stub(FeedbackServiceGrpc::newBlockingStub);
  }

  public ChatSettingsServiceGrpc.ChatSettingsServiceBlockingStub chatSettings() {
    return stub(ChatSettingsServiceGrpc::newBlockingStub);
  }

  /// Who the caller is.
  public String userId() {
    var request = GetMeRequest.getDefaultInstance();
    var access = stub(AccessServiceGrpc::newBlockingStub);
    return patience.call(() -> access.getMe(request)).getUser().getId();
  }

  public UserServiceGrpc.UserServiceBlockingStub users() {
    return stub(UserServiceGrpc::newBlockingStub);
  }

  public ApiKeyServiceGrpc.ApiKeyServiceBlockingStub keys() {
    return stub(ApiKeyServiceGrpc::newBlockingStub);
  }

  public FileServiceGrpc.FileServiceBlockingStub fileList() {
    return stub(FileServiceGrpc::newBlockingStub);
  }

  /// Streams up and down: without a deadline, since a file may be large.
  public FileServiceGrpc.FileServiceBlockingV2Stub files() {
    return FileServiceGrpc.newBlockingV2Stub(channel);
  }

  private <S extends AbstractStub<S>> S stub(Function<Channel, S> kind) {
    return kind.apply(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    connection.shutdownNow();
  }
}
