package dev.agentserver.gateway.test;

import com.google.protobuf.ByteString;
import dev.agentserver.test.notebook.Chunk;
import dev.agentserver.test.notebook.DownloadRequest;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.StreamServiceGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Streams of all kinds, each as fast as its reader.
final class Streams extends StreamServiceGrpc.StreamServiceImplBase {
  private final AtomicInteger sent;
  private final AtomicInteger received;
  private final CountDownLatch cancelled;

  Streams(AtomicInteger sent, AtomicInteger received, CountDownLatch cancelled) {
    this.sent = sent;
    this.received = received;
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

  private static void end(DownloadRequest request, ServerCallStreamObserver<Chunk> client) {
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
  public StreamObserver<Chunk> upload(StreamObserver<Chunk> observer) {
    return new StreamObserver<>() {
      private int bytes;

      @Override
      public void onNext(Chunk chunk) {
        bytes += chunk.getData().size();
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
