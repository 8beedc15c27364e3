package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc.MessageStreamServiceStub;
import dev.agentserver.conversation.v1.StreamMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One answer that is being written. Whenever a piece is acknowledged, the next one is sent.
final class Answer implements StreamObserver<StreamMessageResponse> {
  private static final int LENGTH = Ids.DELTA.length();

  private final StreamObserver<StreamMessageRequest> requests;
  private final Door door;
  private final Deque<Long> sent = new ArrayDeque<>();
  private int ahead;
  private int length;
  private int acknowledged;
  private @Nullable Stopwatch watch;
  private @Nullable Throwable failure;

  Answer(MessageStreamServiceStub stub, String conversation, Door door) {
    this.door = door;
    this.requests = stub.streamMessage(this);
    requests.onNext(
        StreamMessageRequest.newBuilder()
            .setBegin(BeginMessageRequest.newBuilder().setConversationId(conversation))
            .build());
  }

  /// Begins to write, or goes on.
  synchronized void write(int pieces, Stopwatch stopwatch) {
    ahead = pieces;
    watch = stopwatch;
    fill();
  }

  synchronized void pause() {
    ahead = 0;
  }

  private void fill() {
    while (sent.size() < ahead) {
      var delta = Delta.newBuilder().setOffset(length).setText(Ids.DELTA);
      requests.onNext(
          StreamMessageRequest.newBuilder()
              .setAppend(AppendMessageRequest.newBuilder().addDeltas(delta))
              .build());
      length += LENGTH;
      sent.add(System.nanoTime());
    }
  }

  @Override
  public synchronized void onNext(StreamMessageResponse response) {
    if (response.hasOpened()) {
      door.entered();
    }
    if (response.hasAcknowledged() && response.getAcknowledged().getPartLengthsCount() > 0) {
      var now = System.nanoTime();
      for (var durable = response.getAcknowledged().getPartLengths(0);
          acknowledged < durable;
          acknowledged += LENGTH) {
        watch.good(1, now - sent.remove());
      }
      fill();
    }
  }

  @Override
  public synchronized void onError(Throwable cause) {
    failure = cause;
  }

  @Override
  public void onCompleted() {}

  /// Whether everything sent is acknowledged.
  synchronized boolean quiet() {
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return sent.isEmpty();
  }

  synchronized int acknowledged() {
    return acknowledged;
  }
}
