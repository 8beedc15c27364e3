package dev.agentserver.conversation.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Something that goes on beside the test.
final class Later {
  private static final int PATIENCE_SECONDS = 60;

  private Later() {}

  static <T> CompletableFuture<T> of(Supplier<T> work) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(work.get());
              } catch (RuntimeException | Error failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /// Its result, or what it threw.
  static <T> T get(CompletableFuture<T> later) {
    try {
      return later.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case Throwable other -> throw new AssertionError(other);
      }
    } catch (TimeoutException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }
}
