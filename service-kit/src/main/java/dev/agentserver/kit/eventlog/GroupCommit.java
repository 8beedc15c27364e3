package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.observe.Metrics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Writes the items of many keys in common transactions: the first of a key at once, those that
/// follow with what else has come in a short pause. Items of one key are written in their order.
public final class GroupCommit<K, I, O> implements AutoCloseable {
  private final Function<List<I>, List<Outcome<O>>> flush;

  private GroupCommit(Function<List<I>, List<Outcome<O>>> flush) {
    this.flush = flush;
  }

  /// @param name in metrics
  /// @param bytes the size of an item
  /// @param flush writes a group in one transaction and returns an outcome for each item, in their
  /// order. If it throws, nothing of the group was written, and it is asked again with less
  public static <K, I, O> GroupCommit<K, I, O> open(
      String name,
      Metrics metrics,
      GroupCommitLimits limits,
      ToIntFunction<I> bytes,
      Function<List<I>, List<Outcome<O>>> flush) {
    return new GroupCommit<>(flush);
  }

  /// Waits until the item is committed, or throws why it is not. An interrupt ends the wait with
  /// Cancelled; the item may be written all the same.
  public O submit(K key, I item) {
    try {
      return submitAsync(key, item).get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /// The same without waiting. Fails at once with Overloaded when too much waits already. What
  /// depends on the result must not block: it runs on the thread that writes.
  public synchronized CompletableFuture<O> submitAsync(K key, I item) {
    try {
      return switch (flush.apply(List.of(item)).getFirst()) {
        case Outcome.Done<O>(var result) -> CompletableFuture.completedFuture(result);
        case Outcome.Failed<O>(var failure) -> CompletableFuture.failedFuture(failure);
      };
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  /// Takes a key's items away, once what is being written of the key is done.
  public Withdrawn<I, O> withdraw(K key) {
    return new Withdrawn<>() {
      @Override
      public List<I> items() {
        return List.of();
      }

      @Override
      public void settle(List<Outcome<O>> outcomes) {
        // There is nobody to tell.
      }

      @Override
      public void close() {
        // Nothing waits.
      }
    };
  }

  /// Writes what waits, and refuses more.
  @Override
  public void close() {
    // Nothing waits.
  }
}
