package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.v1.RunEvent;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// An open watch, as a client holds it.
final class Follower<Q> implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final BlockingQueue<Supplier<RunEvent>> arrivals = new LinkedBlockingQueue<>();
  private final Watching watching = new Watching();
  private final boolean slow;

  /// What the call tells.
  private final class Watching implements ClientResponseObserver<Q, RunEvent> {
    private ClientCallStreamObserver<Q> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> stream) {
      call = stream;
      if (slow) {
        call.disableAutoRequestWithInitial(1);
      }
    }

    @Override
    public void onNext(RunEvent event) {
      arrivals.add(() -> event);
    }

    @Override
    public void onError(Throwable failure) {
      arrivals.add(
          () -> {
            throw (RuntimeException) failure;
          });
    }

    @Override
    public void onCompleted() {
      arrivals.add(
          () -> {
            throw new AssertionError("the stream has ended");
          });
    }
  }

  /// @param slow whether it takes nothing after the first frame until it is told to
  Follower(boolean slow, Consumer<ClientResponseObserver<Q, RunEvent>> open) {
    this.slow = slow;
    open.accept(watching);
  }

  /// Takes everything from now on.
  void hurry() {
    watching.call.request(Integer.MAX_VALUE);
  }

  /// Takes one after the other until this one has come, and nothing after it.
  void takeUntil(Predicate<RunEvent> wanted) {
    while (!wanted.test(next())) {
      watching.call.request(1);
    }
  }

  /// Waits for what is next, heartbeats included.
  RunEvent next() {
    try {
      var arrival = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (arrival == null) {
        throw new AssertionError("nothing came, not even a heartbeat");
      }
      return arrival.get();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  RunEvent next(Predicate<RunEvent> wanted) {
    var event = next();
    while (!wanted.test(event)) {
      event = next();
    }
    return event;
  }

  /// Waits for the next that is more than a sign of life.
  RunEvent nextEvent() {
    return next(event -> !event.hasHeartbeat());
  }

  List<RunEvent> nextEvents(int count) {
    var events = new ArrayList<RunEvent>();
    while (events.size() < count) {
      events.add(nextEvent());
    }
    return events;
  }

  @Override
  public void close() {
    watching.call.cancel("the test has seen enough", null);
  }
}
