package dev.agentserver.gateway.test;

import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.FeedServiceGrpc;
import dev.agentserver.test.notebook.NoteEvent;
import dev.agentserver.test.notebook.NotesEvent;
import dev.agentserver.test.notebook.WatchNoteRequest;
import dev.agentserver.test.notebook.WatchNotesRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Streams in which happens what the test says, when it says it.
public final class Feed extends FeedServiceGrpc.FeedServiceImplBase {
  private final BlockingQueue<Watch> watches = new LinkedBlockingQueue<>();

  /// One open stream, seen from the service.
  public static final class Watch {
    private final WatchNoteRequest request;
    private final StreamObserver<NoteEvent> client;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private Watch(WatchNoteRequest request, StreamObserver<NoteEvent> client) {
      this.request = request;
      this.client = client;
      ((ServerCallStreamObserver<NoteEvent>) client).setOnCancelHandler(cancelled::countDown);
    }

    public WatchNoteRequest request() {
      return request;
    }

    public void send(NoteEvent event) {
      client.onNext(event);
    }

    /// Sends an event of a new title.
    public void renamed(long seq, String title) {
      send(NoteEvent.newBuilder().setSeq(seq).setRenamed(title).build());
    }

    public void end() {
      client.onCompleted();
    }

    public void fail(FailRequest how) {
      client.onError(Notebook.failure(how));
    }

    public void awaitCancelled() {
      Await.latch(cancelled);
    }
  }

  @Override
  public void watchNote(WatchNoteRequest request, StreamObserver<NoteEvent> client) {
    watches.add(new Watch(request, client));
  }

  /// Says what it was asked, and ends.
  @Override
  public void watchNotes(WatchNotesRequest request, StreamObserver<NotesEvent> client) {
    client.onNext(NotesEvent.newBuilder().setToken(request.getToken()).build());
    client.onCompleted();
  }

  /// The next stream that a client opens.
  public Watch next() {
    try {
      var watch = watches.poll(20, TimeUnit.SECONDS);
      if (watch == null) {
        throw new AssertionError("no stream was opened");
      }
      return watch;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  /// Whether nobody has opened another.
  public boolean isQuiet() {
    return watches.isEmpty();
  }
}
