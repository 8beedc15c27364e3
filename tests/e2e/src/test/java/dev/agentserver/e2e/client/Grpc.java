package dev.agentserver.e2e.client;

import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc.ConversationEventServiceBlockingStub;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.ConversationServiceGrpc.ConversationServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc.MessageStreamServiceBlockingStub;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/// Speaks gRPC to the gateway's port, by generated stubs.
public final class Grpc {
  private static final int LARGEST = 16 << 20;
  private static final long SECONDS = 30;
  private static final ConcurrentMap<URI, ManagedChannel> CHANNELS = new ConcurrentHashMap<>();
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Channel channel;

  private Grpc(Channel channel) {
    this.channel = channel;
  }

  public static Grpc anonymous(URI url) {
    return new Grpc(CHANNELS.computeIfAbsent(url, Grpc::connect));
  }

  private static ManagedChannel connect(URI url) {
    return NettyChannelBuilder.forAddress(url.getHost(), url.getPort())
        .usePlaintext()
        .maxInboundMessageSize(LARGEST)
        .build();
  }

  /// The same with a credential.
  public Grpc bearer(String token) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return new Grpc(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  public ConversationServiceBlockingStub conversations() {
    return ConversationServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  public MessageServiceBlockingStub messages() {
    return MessageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  public MessageStreamServiceBlockingStub streams() {
    return MessageStreamServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  public ConversationEventServiceBlockingStub events() {
    return ConversationEventServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  /// A stream to be read from. It has no deadline.
  public <Q, R> BlockingClientCall<Q, R> follow(MethodDescriptor<Q, R> method, Q request) {
    return ClientCalls.blockingV2ServerStreamingCall(channel, method, CallOptions.DEFAULT, request);
  }

  /// A stream to be written to and read from. It has no deadline.
  public <Q, R> BlockingClientCall<Q, R> open(MethodDescriptor<Q, R> method) {
    return ClientCalls.blockingBidiStreamingCall(channel, method, CallOptions.DEFAULT);
  }

  /// The answer to a request; of a stream the first message.
  public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    var options = CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    if (method.getType() == MethodType.UNARY) {
      return ClientCalls.blockingUnaryCall(channel, method, options, request);
    }
    var call =
        method.getType() == MethodType.SERVER_STREAMING
            ? ClientCalls.blockingV2ServerStreamingCall(channel, method, options, request)
            : ClientCalls.blockingBidiStreamingCall(channel, method, options);
    try {
      if (method.getType() == MethodType.BIDI_STREAMING) {
        call.write(request);
        call.halfClose();
      }
      return call.read();
    } catch (StatusException failure) {
      throw new StatusRuntimeException(failure.getStatus(), failure.getTrailers());
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    } finally {
      call.cancel("that was all", null);
    }
  }

  /// How a call failed, which it must.
  public static Failure failure(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException failure) {
      return Failure.of(failure);
    }
    throw new AssertionError("the call did not fail");
  }
}
