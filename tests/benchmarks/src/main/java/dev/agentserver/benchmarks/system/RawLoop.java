package dev.agentserver.benchmarks.system;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageCreated;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.Snapshot;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The floor of watching: a server that does nothing but send what it is given to everybody who
/// watches, in a loop. Nothing is stored, nobody is asked who he is.
public final class RawLoop {
  private final List<StreamObserver<ConversationEvent>> watchers = new ArrayList<>();
  private long seq;

  private RawLoop() {}

  /// Starts one in a process of its own.
  public static Child start(Path work) {
    return Child.java(
        work.resolve("raw-loop.log"),
        System.getProperty("java.class.path"),
        RawLoop.class.getName());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var loop = new RawLoop();
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(loop.new Events())
            .addService(loop.new Messages())
            .build()
            .start();
    System.out.println("ready http://127.0.0.1:" + server.getPort());
    server.awaitTermination();
  }

  private synchronized void add(StreamObserver<ConversationEvent> watcher) {
    watcher.onNext(
        ConversationEvent.newBuilder().setSnapshot(Snapshot.getDefaultInstance()).build());
    watchers.add(watcher);
  }

  private synchronized Message say(CreateMessageRequest request) {
    seq++;
    var message =
        Message.newBuilder()
            .setId(Ids.next())
            .setConversationId(request.getConversationId())
            .setRole(request.getRole())
            .setContent(request.getContent())
            .addParts(Part.newBuilder().setText(request.getContent()))
            .setSeq(seq)
            .build();
    var event =
        ConversationEvent.newBuilder()
            .setSeq(seq)
            .setConversationId(request.getConversationId())
            .setMessageCreated(MessageCreated.newBuilder().setMessage(message))
            .build();
    for (var watcher : watchers) {
      watcher.onNext(event);
    }
    return message;
  }

  private final class Events extends ConversationEventServiceGrpc.ConversationEventServiceImplBase {
    @Override
    public void watchConversation(
        WatchConversationRequest request, StreamObserver<ConversationEvent> watcher) {
      add(watcher);
    }
  }

  private final class Messages extends MessageServiceGrpc.MessageServiceImplBase {
    @Override
    public void createMessage(CreateMessageRequest request, StreamObserver<Message> reply) {
      reply.onNext(say(request));
      reply.onCompleted();
    }
  }
}
