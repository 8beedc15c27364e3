package dev.agentserver.conversation.sidebar;

import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.test.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A stream that is being read on a thread of its own, and all that came so far.
final class Following<T> implements AutoCloseable {
  private final List<T> received = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Cancellation> work = new CompletableFuture<>();
  private volatile @Nullable RuntimeException failure;
  private volatile boolean ended;

  /// @param stream hands over what comes, until it ends
  Following(Consumer<Consumer<T>> stream) {
    Thread.ofVirtual().start(() -> run(stream));
  }

  private void run(Consumer<Consumer<T>> stream) {
    var begun = Cancellation.begin();
    work.complete(begun);
    try {
      stream.accept(received::add);
    } catch (Cancelled closed) {
      // By this class.
    } catch (RuntimeException broken) {
      failure = broken;
    } finally {
      begun.end();
      ended = true;
    }
  }

  /// Everything that came.
  List<T> all() {
    return received;
  }

  /// The first that is like this, also one from before.
  T await(String what, Predicate<T> like) {
    Await.until(
        what + ", not only " + received, () -> failure != null || received.stream().anyMatch(like));
    if (failure != null) {
      throw failure;
    }
    return received.stream().filter(like).findFirst().orElseThrow();
  }

  /// What the stream failed with.
  RuntimeException awaitFailure() {
    Await.until("the stream fails", () -> failure != null);
    return failure;
  }

  void awaitEnd() {
    Await.until("the stream ends", () -> ended);
  }

  @Override
  public void close() {
    work.join().stop(new Problem.Unavailable("test", Duration.ZERO));
    awaitEnd();
  }
}
