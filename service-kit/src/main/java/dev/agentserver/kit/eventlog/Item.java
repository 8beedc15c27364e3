package dev.agentserver.kit.eventlog;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// Something that is to be written, and whoever waits for it.
final class Item<I, O> {
  private final I value;
  private final int bytes;
  private final AtomicLong total;
  private final CompletableFuture<O> result = new CompletableFuture<>();

  /// @param total the bytes that wait everywhere
  Item(I value, int bytes, AtomicLong total) {
    this.value = value;
    this.bytes = bytes;
    this.total = total;
    total.addAndGet(bytes);
  }

  I value() {
    return value;
  }

  int bytes() {
    return bytes;
  }

  CompletableFuture<O> result() {
    return result;
  }

  /// Is called once, by whoever wrote it.
  void settle(Outcome<O> outcome) {
    total.addAndGet(-bytes);
    switch (outcome) {
      case Outcome.Done<O>(var done) -> result.complete(done);
      case Outcome.Failed<O>(var failure) -> result.completeExceptionally(failure);
    }
  }
}
