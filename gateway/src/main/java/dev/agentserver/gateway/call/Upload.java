package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.upload.UploadMessages;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// Sends the messages of a request's body while the body arrives. It asks for the next piece when
/// all of the last has gone to the service, and the service was ready for it: so it never holds
/// more than a piece and the beginning of a message, and a slow service holds the client back.
///
/// It runs on a thread of its own, which waits in plain words.
public final class Upload implements Sending, Subscriber<HttpObject> {
  private static final int REQUEST_TIMEOUT = 408;

  private final HttpRequest request;
  private final UploadMessages messages;
  private final EventExecutor loop;
  private final @Nullable Duration patience;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Subscription source;
  private boolean begun;
  private boolean closed;
  private boolean wanted;
  private byte @Nullable [] piece;
  private boolean complete;
  private boolean gone;
  private boolean over;

  /// @param loop hands over the pieces
  /// @param patience how long either side may do nothing; null: as long as it likes, as in a
  /// conversation
  public Upload(
      HttpRequest request,
      UploadMessages messages,
      EventExecutor loop,
      @Nullable Duration patience) {
    this.request = request;
    this.messages = messages;
    this.loop = loop;
    this.patience = patience;
  }

  @Override
  public void send(MessageSink sink) {
    request.subscribe(this, loop);
    try {
      sendMessages(sink);
      for (var next = next(); next != null; next = next()) {
        messages.feed(next);
        sendMessages(sink);
      }
      if (!isOver()) {
        messages.finish();
        sendMessages(sink);
        awaitEnd();
      }
    } catch (IllegalStateException cancelled) {
      // The call may be cancelled at any moment, and then takes nothing more.
      if (!isOver()) {
        throw cancelled;
      }
    }
  }

  private void sendMessages(MessageSink sink) {
    for (var message = messages.next(); message != null; message = messages.next()) {
      // The first is sent at once: a call that takes but one never says that it is ready.
      if (begun && !await(() -> over || sink.isReady())) {
        throw late("the service took nothing more for ");
      }
      if (isOver()) {
        return;
      }
      begun = true;
      sink.send(message);
    }
    if (messages.isLast() && !closed && !isOver()) {
      closed = true;
      sink.end();
    }
  }

  /// The next piece of the body; null at its end, or when the call is over.
  private byte @Nullable [] next() {
    lock.lock();
    try {
      piece = null;
      wanted = true;
      if (source != null) {
        source.request(1);
      }
      if (!await(() -> over || gone || complete || piece != null)) {
        throw late("nothing more of the body came for ").as(REQUEST_TIMEOUT);
      }
      if (gone && !over) {
        throw Fault.of(ErrorReason.ERROR_REASON_CANCELLED, "the client went away", Map.of());
      }
      return over ? null : piece;
    } finally {
      lock.unlock();
    }
  }

  /// Who only uploads has nothing else to wait for.
  private void awaitEnd() {
    if (patience != null && !await(() -> over)) {
      throw late("the service did not answer for ");
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it came about within the patience.
  private boolean await(BooleanSupplier condition) {
    lock.lock();
    try {
      long left = patience == null ? Long.MAX_VALUE : patience.toNanos();
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw Fault.unavailable("gateway");
    } finally {
      lock.unlock();
    }
  }

  private Fault late(String what) {
    return Fault.of(ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED, what + patience, Map.of());
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // From the service.

  @Override
  public void ready() {
    change(() -> {});
  }

  @Override
  public void over() {
    change(() -> over = true);
  }

  // From the client.

  @Override
  public void onSubscribe(Subscription subscription) {
    change(
        () -> {
          source = subscription;
          if (wanted) {
            subscription.request(1);
          }
        });
  }

  @Override
  public void onNext(HttpObject object) {
    // Trailers are nothing too.
    var data = object instanceof HttpData bytes ? bytes.array() : new byte[0];
    change(() -> piece = data);
  }

  @Override
  public void onComplete() {
    change(() -> complete = true);
  }

  @Override
  public void onError(Throwable cut) {
    change(() -> gone = true);
  }
}
