package dev.agentserver.kit.grpc;

import dev.agentserver.kit.cancel.Cancelled;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends from the handler's thread, one message for each time the transport is ready. The semaphore
/// is only a wake-up: the call itself is asked whether it is ready.
final class CallSender<R> implements Sender<R> {
  private final ServerCall<?, R> call;
  private final Metadata headers;
  private final Semaphore wakeUp = new Semaphore(0);
  private boolean headersSent;

  /// @param headers what the reply begins with
  CallSender(ServerCall<?, R> call, Metadata headers) {
    this.call = call;
    this.headers = headers;
  }

  @Override
  public void send(R message) {
    sendWithin(null, message);
  }

  @Override
  public void send(R message, Duration patience) {
    sendWithin(patience, message);
  }

  private void sendWithin(@Nullable Duration patience, R message) {
    awaitReady(patience);
    if (!headersSent) {
      headersSent = true;
      call.sendHeaders(headers);
    }
    call.sendMessage(message);
  }

  void ready() {
    wakeUp.release();
  }

  private void awaitReady(@Nullable Duration patience) {
    var began = System.nanoTime();
    try {
      while (!call.isReady()) {
        if (call.isCancelled()) {
          throw new Cancelled();
        }
        if (patience == null) {
          wakeUp.acquire();
        } else if (!wakeUp.tryAcquire(
            patience.toNanos() - (System.nanoTime() - began), TimeUnit.NANOSECONDS)) {
          throw Faults.stalled(patience);
        }
        wakeUp.drainPermits();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }
}
