package dev.agentserver.benchmarks.system;

import dev.agentserver.benchmarks.codec.Sample;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListMessagesResponse;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveBooleanRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveBooleanResponse;
import dev.agentserver.flagd.evaluation.v2.ServiceGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// A service that has its answers ready: what is measured then is what lies before it.
public final class Canned {
  /// How many events its streams have.
  public static final int EVENTS = 1_000;

  private Canned() {}

  /// Starts one in a process of its own.
  public static Child start(Path work) {
    return Child.java(
        work.resolve("canned.log"), System.getProperty("java.class.path"), Canned.class.getName());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .directExecutor()
            .addService(new Messages())
            .addService(new Events())
            .addService(new Flags())
            .build()
            .start();
    System.out.println("ready http://127.0.0.1:" + server.getPort());
    server.awaitTermination();
  }

  private static final class Messages extends MessageServiceGrpc.MessageServiceImplBase {
    private final ListMessagesResponse page = (ListMessagesResponse) Sample.PAGE.message();

    @Override
    public void createMessage(CreateMessageRequest request, StreamObserver<Message> reply) {
      reply.onNext(page.getMessages(1));
      reply.onCompleted();
    }

    @Override
    public void listMessages(
        ListMessagesRequest request, StreamObserver<ListMessagesResponse> reply) {
      reply.onNext(page);
      reply.onCompleted();
    }
  }

  private static final class Flags extends ServiceGrpc.ServiceImplBase {
    private final ResolveBooleanResponse on =
        ResolveBooleanResponse.newBuilder()
            .setValue(true)
            .setReason("TARGETING_MATCH")
            .setVariant("on")
            .build();

    @Override
    public void resolveBoolean(
        ResolveBooleanRequest request, StreamObserver<ResolveBooleanResponse> reply) {
      reply.onNext(on);
      reply.onCompleted();
    }
  }

  private static final class Events
      extends ConversationEventServiceGrpc.ConversationEventServiceImplBase {
    private final ConversationEvent event = (ConversationEvent) Sample.DELTA.message();

    /// Sends as fast as it is read.
    @Override
    public void watchConversation(
        WatchConversationRequest request, StreamObserver<ConversationEvent> watcher) {
      var stream = (ServerCallStreamObserver<ConversationEvent>) watcher;
      var left = new int[] {EVENTS};
      stream.setOnReadyHandler(
          () -> {
            while (left[0] > 0 && stream.isReady()) {
              stream.onNext(event);
              if (--left[0] == 0) {
                stream.onCompleted();
              }
            }
          });
    }
  }
}
