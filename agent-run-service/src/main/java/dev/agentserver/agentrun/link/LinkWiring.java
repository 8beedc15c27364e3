package dev.agentserver.agentrun.link;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.OutboxConsumer;
import dev.agentserver.kit.outbox.OutboxPeerRpc;
import dev.agentserver.kit.service.Periodic;
import io.grpc.ManagedChannel;
import java.time.Duration;

/// conversation-service, as this one calls it and hears of it.
public final class LinkWiring implements AutoCloseable {
  private static final String CONVERSATION = "conversation-service";
  private static final Duration SWEEP = Duration.ofHours(1);

  private final ManagedChannel channel;
  private final ConversationPeerRpc conversations;

  /// @param target its gRPC target
  public LinkWiring(String target) {
    this.channel = Peers.channel(target);
    this.conversations = new ConversationPeerRpc(channel);
  }

  public ConversationPeerRpc conversations() {
    return conversations;
  }

  /// Hears its facts from now on, until what is returned is closed.
  ///
  /// @param service the name under which they are kept for this one
  /// @param runs hears of conversations that go, and of messages that were stopped
  /// @param links are told which conversations have gone
  /// @param usage hears of what messages used
  public AutoCloseable follow(
      Database database,
      ServiceToken token,
      String service,
      ConversationFacts.Runs runs,
      ConversationLinks links,
      ConversationFacts.Usage usage,
      Metrics metrics) {
    var facts = new OutboxPeerRpc(new ServicePeer(channel, token), service);
    var consumer =
        OutboxConsumer.start(
            database, CONVERSATION, facts, new ConversationFacts(runs, usage), metrics);
    var sweeper = Periodic.start("applied-conversation-facts", SWEEP, consumer::sweep);
    var forgetting = Periodic.start("gone-conversations", SWEEP, links::sweep);
    return () -> {
      forgetting.close();
      sweeper.close();
      consumer.close();
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
