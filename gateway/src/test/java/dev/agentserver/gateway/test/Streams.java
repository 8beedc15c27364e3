package dev.agentserver.gateway.test;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.Chunk;
import dev.agentserver.test.notebook.DownloadRequest;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.KeepRequest;
import dev.agentserver.test.notebook.StreamServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/// Streams of all kinds, each as fast as its reader.
final class Streams extends StreamServiceGrpc.StreamServiceImplBase {
  private static final int STOP = -1;
  private static final int REFUSE = -2;

  private final Recorder recorder;
  private final AtomicInteger sent;
  private final AtomicInteger received;
  private final CountDownLatch hanging;
  private final CountDownLatch released;
  private final CountDownLatch cancelled;

  Streams(
      Recorder recorder,
      AtomicInteger sent,
      AtomicInteger received,
      CountDownLatch hanging,
      CountDownLatch released,
      CountDownLatch cancelled) {
    this.recorder = recorder;
    this.sent = sent;
    this.received = received;
    this.hanging = hanging;
    this.released = released;
    this.cancelled = cancelled;
  }

  @Override
  public void unary(Chunk request, StreamObserver<Chunk> observer) {
    observer.onNext(request);
    observer.onCompleted();
  }

  @Override
  public void download(DownloadRequest request, StreamObserver<Chunk> observer) {
    var client = (ServerCallStreamObserver<Chunk>) observer;
    var data = ByteString.copyFrom(new byte[request.getSize()]);
    client.setOnCancelHandler(cancelled::countDown);
    client.setOnReadyHandler(
        () -> {
          while (client.isReady() && sent.get() < request.getCount()) {
            client.onNext(
                Chunk.newBuilder().setData(data).setNumber(sent.getAndIncrement()).build());
          }
          if (sent.get() == request.getCount()) {
            sent.incrementAndGet();
            end(request, client);
          }
        });
  }

  private static void end(DownloadRequest request, ServerCallStreamObserver<?> client) {
    if (request.getFail()) {
      client.onError(
          Notebook.failure(
              FailRequest.newBuilder()
                  .setCode(9)
                  .setMessage("told to fail: ünd so")
                  .setReason("LIMIT_REACHED")
                  .build()));
    } else {
      client.onCompleted();
    }
  }

  @Override
  public void show(DownloadRequest request, StreamObserver<HttpBody> observer) {
    for (int i = 0; i < request.getCount(); i++) {
      observer.onNext(
          HttpBody.newBuilder()
              .setContentType("text/plain; part=" + i)
              .setData(ByteString.copyFromUtf8("piece " + i + "\n"))
              .build());
    }
    end(request, (ServerCallStreamObserver<HttpBody>) observer);
  }

  @Override
  public StreamObserver<KeepRequest> keep(StreamObserver<Chunk> observer) {
    return count(
        observer,
        piece -> {
          var content = piece.getContent();
          recorder.received(
              content.getData().size() > 100
                  ? piece.toBuilder().setContent(content.toBuilder().clearData()).build()
                  : piece);
          return content.getData().size();
        });
  }

  /// Stops reading at a chunk that says so.
  @Override
  public StreamObserver<Chunk> upload(StreamObserver<Chunk> observer) {
    return count(
        observer,
        chunk -> {
          recorder.received(
              chunk.getData().size() > 100 ? chunk.toBuilder().clearData().build() : chunk);
          if (chunk.getNumber() == REFUSE) {
            observer.onError(Status.ABORTED.asRuntimeException());
          }
          if (chunk.getNumber() == STOP) {
            hanging.countDown();
            Await.latch(released);
          }
          return chunk.getData().size();
        });
  }

  private <Q> StreamObserver<Q> count(StreamObserver<Chunk> observer, ToIntFunction<Q> size) {
    return new StreamObserver<>() {
      private int bytes;

      @Override
      public void onNext(Q piece) {
        bytes += size.applyAsInt(piece);
        received.incrementAndGet();
      }

      @Override
      public void onError(Throwable gone) {
        cancelled.countDown();
      }

      @Override
      public void onCompleted() {
        observer.onNext(Chunk.newBuilder().setNumber(bytes).build());
        observer.onCompleted();
      }
    };
  }

  @Override
  public StreamObserver<Chunk> chat(StreamObserver<Chunk> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Chunk chunk) {
        observer.onNext(chunk);
      }

      @Override
      public void onError(Throwable gone) {
        cancelled.countDown();
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }
}
