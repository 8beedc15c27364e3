package dev.agentserver.kit.grpc;

import dev.agentserver.kit.cancel.Cancelled;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands messages from the call's events to the handler's thread. It asks for one message at a
/// time, so it never holds more.
final class CallReceiver<Q> implements Receiver<Q> {
  private final ServerCall<Inbound<Q>, ?> call;
  private final int maxMessageBytes;
  private final BlockingQueue<Optional<Inbound<Q>>> arrivals = new LinkedBlockingQueue<>();
  private final Duration stall;
  private boolean ended;

  /// @param stall how long a client is waited for
  CallReceiver(ServerCall<Inbound<Q>, ?> call, int maxMessageBytes, Duration stall) {
    this.call = call;
    this.maxMessageBytes = maxMessageBytes;
    this.stall = stall;
  }

  @Override
  public Optional<Q> next() {
    return take(stall);
  }

  @Override
  public Optional<Q> next(Duration patience) {
    return take(patience);
  }

  @Override
  public Optional<Q> whenever() {
    return take(null);
  }

  private Optional<Q> take(@Nullable Duration patience) {
    if (ended) {
      return Optional.empty();
    }
    call.request(1);
    try {
      var arrival =
          patience == null
              ? arrivals.take()
              : arrivals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (arrival == null) {
        throw Faults.stalled(patience);
      }
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
