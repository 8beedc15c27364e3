package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.observe.Metrics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Writes the items of many keys in common transactions: the first of a key at once, those that
/// follow with what else has come in a short pause. Items of one key are written in their order.
public final class GroupCommit<K, I, O> implements AutoCloseable {
  private final ToIntFunction<I> bytes;
  private final List<Lane<K, I, O>> lanes;

  private GroupCommit(ToIntFunction<I> bytes, List<Lane<K, I, O>> lanes) {
    this.bytes = bytes;
    this.lanes = lanes;
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
    var total = new AtomicLong();
    var groups = metrics.counter("agentserver_groups", "Groups written", "name", name);
    var items = metrics.counter("agentserver_group_items", "Items in groups", "name", name);
    metrics.gauge(
        "agentserver_group_waiting_bytes", "Bytes that are not written", total::get, "name", name);
    var writer =
        new GroupWriter<I, O>(
            group -> {
              groups.increment();
              items.increment(group.size());
              return flush.apply(group);
            });
    var lanes =
        IntStream.range(0, limits.lanes())
            .mapToObj(lane -> new Lane<K, I, O>(name + "-" + lane, limits, total, writer))
            .toList();
    lanes.forEach(Lane::start);
    return new GroupCommit<>(bytes, lanes);
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

  /// The same without waiting. Throws Overloaded when too much waits already. What depends on the
  /// result must not block: it runs on the thread that writes.
  public CompletableFuture<O> submitAsync(K key, I item) {
    return lane(key).add(key, item, bytes.applyAsInt(item));
  }

  /// Takes a key's items away, once what is being written of the key is done. Nothing of the key is
  /// written until the result is closed.
  public Withdrawn<I, O> withdraw(K key) {
    return lane(key).withdraw(key);
  }

  private Lane<K, I, O> lane(K key) {
    return lanes.get(Math.floorMod(key.hashCode(), lanes.size()));
  }

  /// Writes what waits, and refuses more.
  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }
}
