package dev.agentserver.kit.grpc;

import dev.agentserver.kit.cancel.Cancelled;
import io.grpc.ServerCall;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Hands messages from the call's events to the handler's thread. It asks for one message at a
/// time, so it never holds more.
final class CallReceiver<Q> implements Receiver<Q> {
  private final ServerCall<Inbound<Q>, ?> call;
  private final int maxMessageBytes;
  private final BlockingQueue<Optional<Inbound<Q>>> arrivals = new LinkedBlockingQueue<>();
  private boolean ended;

  CallReceiver(ServerCall<Inbound<Q>, ?> call, int maxMessageBytes) {
    this.call = call;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public Optional<Q> next() {
    if (ended) {
      return Optional.empty();
    }
    call.request(1);
    try {
      var arrival = arrivals.take();
      ended = arrival.isEmpty();
      return arrival.map(message -> message.checked(maxMessageBytes));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }

  void arrived(Inbound<Q> message) {
    arrivals.add(Optional.of(message));
  }

  void ended() {
    arrivals.add(Optional.empty());
  }
}
