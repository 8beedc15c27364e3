package dev.agentserver.e2e.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Lets several callers go at the same moment.
public final class Together {
  private Together() {}

  /// Runs the calls at once and returns what they return, in their order.
  public static <T> List<T> run(int count, IntFunction<T> call) {
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pending = new ArrayList<Future<T>>();
      for (var i = 0; i < count; i++) {
        var number = i;
        Callable<T> task =
            () -> {
              go.await();
              return call.apply(number);
            };
        pending.add(threads.submit(task));
      }
      go.countDown();
      return pending.stream().map(Together::get).toList();
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new AssertionError(failure.getCause());
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new AssertionError(failure);
    }
  }
}
