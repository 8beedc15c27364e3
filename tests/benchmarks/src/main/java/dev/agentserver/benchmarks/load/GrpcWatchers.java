package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/// Many who watch a conversation by gRPC, fifty on a connection, and one who writes into it.
public final class GrpcWatchers implements AutoCloseable {
  private static final int ON_A_CONNECTION = 50;

  private final List<ManagedChannel> channels;
  private final String token;
  private final String conversation;

  public GrpcWatchers(URI server, Account account, String conversation, Arrivals arrivals) {
    this.token = account.token();
    this.conversation = conversation;
    this.channels =
        Stream.generate(() -> Account.channel(server))
            .limit(1 + (arrivals.watchers() - 1) / ON_A_CONNECTION)
            .toList();
    var request =
        WatchConversationRequest.newBuilder()
            .setConversationId(conversation)
            .setStart(WatchConversationRequest.Start.START_SNAPSHOT)
            .build();
    var door = new Door();
    for (var n = 0; n < arrivals.watchers(); n++) {
      door.enter();
      var channel = channels.get(n % channels.size());
      Account.as(token, ConversationEventServiceGrpc.newStub(channel))
          .watchConversation(request, new Watcher(arrivals, door));
    }
    door.awaitAll();
  }

  /// The snapshot, which is small, says that it is open.
  private record Watcher(Arrivals arrivals, Door door)
      implements StreamObserver<ConversationEvent> {
    @Override
    public void onNext(ConversationEvent event) {
      if (event.hasMessageCreated()) {
        arrivals.arrived(event.getSeq());
      } else if (event.hasSnapshot()) {
        door.entered();
      }
    }

    /// Who misses an event is missed.
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  /// Appends a message, and returns its number.
  public long say() {
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation)
            .setRole(Message.Role.user)
            .setContent(Ids.TEXT)
            .build();
    return Account.as(token, MessageServiceGrpc.newBlockingStub(channels.getFirst()))
        .createMessage(request)
        .getSeq();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
