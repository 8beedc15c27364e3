package dev.agentserver.file.s3;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/// A call under way. It always ends: the client gives it a time limit.
///
/// @param call what to cancel, where it is known
record Pending<T>(CompletableFuture<T> future, @Nullable Call call) {
  /// Waits for the end. An interrupt cancels the call and still waits for its end, because until
  /// then it may read from a buffer that is somebody else's next.
  T join() throws ExecutionException {
    var interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException _) {
          interrupted = true;
          cancel();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void cancel() {
    if (call != null) {
      call.cancel();
    }
  }
}
