package dev.agentserver.gateway.test;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.test.notebook.CreateNoteRequest;
import dev.agentserver.test.notebook.DeleteNoteRequest;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.GetNoteRequest;
import dev.agentserver.test.notebook.ListNotesRequest;
import dev.agentserver.test.notebook.ListNotesResponse;
import dev.agentserver.test.notebook.Note;
import dev.agentserver.test.notebook.NoteServiceGrpc;
import dev.agentserver.test.notebook.UpdateNoteRequest;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;

/// Answers with what it is sent, and fails as it is told to.
final class Notebook extends NoteServiceGrpc.NoteServiceImplBase {
  private final Recorder recorder;
  private final CountDownLatch cancelled;
  private final CountDownLatch hanging;

  Notebook(Recorder recorder, CountDownLatch hanging, CountDownLatch cancelled) {
    this.recorder = recorder;
    this.hanging = hanging;
    this.cancelled = cancelled;
  }

  private static <R> void answer(R reply, StreamObserver<R> observer) {
    observer.onNext(reply);
    observer.onCompleted();
  }

  @Override
  public void createNote(CreateNoteRequest request, StreamObserver<Note> observer) {
    recorder.received(request);
    answer(
        Note.newBuilder().setId("n-1").setTitle(request.getTitle()).setEtag("v1").build(),
        observer);
  }

  @Override
  public void getNote(GetNoteRequest request, StreamObserver<Note> observer) {
    recorder.received(request);
    answer(Note.newBuilder().setId(request.getNoteId()).setEtag("v7").build(), observer);
  }

  @Override
  public void listNotes(ListNotesRequest request, StreamObserver<ListNotesResponse> observer) {
    recorder.received(request);
    var page = ListNotesResponse.newBuilder();
    for (int i = 0; i < request.getPageSize(); i++) {
      page.addNotes(Note.newBuilder().setId("n-" + i));
    }
    if (request.getPageSize() > 0 && !request.getPageToken().equals("last")) {
      page.setNextPageToken("next/token+1=");
    }
    answer(page.build(), observer);
  }

  @Override
  public void updateNote(UpdateNoteRequest request, StreamObserver<Note> observer) {
    recorder.received(request);
    answer(request.getNote(), observer);
  }

  @Override
  public void deleteNote(DeleteNoteRequest request, StreamObserver<Empty> observer) {
    recorder.received(request);
    answer(Empty.getDefaultInstance(), observer);
  }

  @Override
  public void archiveNote(DeleteNoteRequest request, StreamObserver<Note> observer) {
    recorder.received(request);
    answer(Note.newBuilder().setId(request.getNoteId()).build(), observer);
  }

  @Override
  public void purge(Empty request, StreamObserver<Empty> observer) {
    answer(request, observer);
  }

  @Override
  public void forgotten(Empty request, StreamObserver<Empty> observer) {
    answer(request, observer);
  }

  @Override
  public void hang(Empty request, StreamObserver<Empty> observer) {
    Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
    hanging.countDown();
  }

  @Override
  public void fail(FailRequest request, StreamObserver<Empty> observer) {
    observer.onError(failure(request));
  }

  static StatusRuntimeException failure(FailRequest request) {
    var trailers = new Metadata();
    trailers.put(Metadata.Key.of("x-cause", Metadata.ASCII_STRING_MARSHALLER), "asked for");
    if (request.getReason().isEmpty()) {
      return io.grpc.Status.fromCodeValue(request.getCode())
          .withDescription(request.getMessage())
          .asRuntimeException(trailers);
    }
    var status = Status.newBuilder().setCode(request.getCode()).setMessage(request.getMessage());
    status.addDetails(
        Any.pack(
            ErrorInfo.newBuilder()
                .setReason(request.getReason())
                .setDomain("agentserver")
                .build()));
    if (request.getRetryAfter() > 0) {
      var delay = Duration.newBuilder().setSeconds(request.getRetryAfter()).setNanos(1);
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build(), trailers);
  }
}
