package dev.agentserver.gateway.test;

import com.google.api.HttpBody;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.test.bookstore.ArgMessage;
import dev.agentserver.test.bookstore.Author;
import dev.agentserver.test.bookstore.Book;
import dev.agentserver.test.bookstore.BookstoreGrpc;
import dev.agentserver.test.bookstore.CreateBookRequest;
import dev.agentserver.test.bookstore.CreateShelfRequest;
import dev.agentserver.test.bookstore.DeleteBookRequest;
import dev.agentserver.test.bookstore.EchoBodyRequest;
import dev.agentserver.test.bookstore.EchoNestedBodyRequest;
import dev.agentserver.test.bookstore.EchoStructMessage;
import dev.agentserver.test.bookstore.GetAuthorRequest;
import dev.agentserver.test.bookstore.GetShelfRequest;
import dev.agentserver.test.bookstore.ListShelvesResponse;
import dev.agentserver.test.bookstore.Shelf;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/// Answers with what it is sent, where that makes sense.
final class Bookstore extends BookstoreGrpc.BookstoreImplBase {
  private final Recorder recorder;

  Bookstore(Recorder recorder) {
    this.recorder = recorder;
  }

  private <R> void answer(Message request, R reply, StreamObserver<R> observer) {
    recorder.received(request);
    observer.onNext(reply);
    observer.onCompleted();
  }

  @Override
  public void listShelves(Empty request, StreamObserver<ListShelvesResponse> observer) {
    var shelves =
        ListShelvesResponse.newBuilder()
            .addShelves(Shelf.newBuilder().setId(20).setTheme("Children"))
            .addShelves(Shelf.newBuilder().setId(1).setTheme("Foo"));
    answer(request, shelves.build(), observer);
  }

  @Override
  public void createShelf(CreateShelfRequest request, StreamObserver<Shelf> observer) {
    answer(request, request.getShelf(), observer);
  }

  @Override
  public void createShelfWithPackageServiceAndMethod(
      CreateShelfRequest request, StreamObserver<Shelf> observer) {
    answer(request, request.getShelf(), observer);
  }

  @Override
  public void createShelfBodyWildcard(CreateShelfRequest request, StreamObserver<Shelf> observer) {
    answer(request, request.getShelf(), observer);
  }

  @Override
  public void getShelf(GetShelfRequest request, StreamObserver<Shelf> observer) {
    answer(request, Shelf.newBuilder().setId(request.getShelf()).build(), observer);
  }

  @Override
  public void createBook(CreateBookRequest request, StreamObserver<Book> observer) {
    answer(request, request.getBook(), observer);
  }

  @Override
  public void updateBook(CreateBookRequest request, StreamObserver<Book> observer) {
    answer(request, request.getBook(), observer);
  }

  @Override
  public void deleteBook(DeleteBookRequest request, StreamObserver<Empty> observer) {
    answer(request, Empty.getDefaultInstance(), observer);
  }

  @Override
  public void bookstoreOptions(GetShelfRequest request, StreamObserver<Empty> observer) {
    answer(request, Empty.getDefaultInstance(), observer);
  }

  @Override
  public void getAuthor(GetAuthorRequest request, StreamObserver<Author> observer) {
    var author =
        Author.newBuilder()
            .setId(request.getAuthor())
            .setGender(Author.Gender.MALE)
            .setLastName("Shakespeare");
    answer(request, author.build(), observer);
  }

  @Override
  public void echoAuthor(Author request, StreamObserver<Author> observer) {
    answer(request, request, observer);
  }

  @Override
  public void echoStruct(EchoStructMessage request, StreamObserver<EchoStructMessage> observer) {
    answer(request, request, observer);
  }

  @Override
  public void getIndex(Empty request, StreamObserver<HttpBody> observer) {
    answer(request, body("text/html", "<h1>Hello!</h1>"), observer);
  }

  @Override
  public void getIndexStream(Empty request, StreamObserver<HttpBody> observer) {
    observer.onNext(body("text/html", "<h1>Hello!</h1>"));
    answer(request, body("text/plain", "Hello!"), observer);
  }

  @Override
  public void echoBody(EchoBodyRequest request, StreamObserver<HttpBody> observer) {
    answer(request, request.getNested().getContent(), observer);
  }

  @Override
  public void postBody(EchoBodyRequest request, StreamObserver<Empty> observer) {
    answer(request, Empty.getDefaultInstance(), observer);
  }

  @Override
  public StreamObserver<EchoBodyRequest> streamBody(StreamObserver<Empty> observer) {
    return each(_ -> {}, () -> observer.onNext(Empty.getDefaultInstance()), observer);
  }

  @Override
  public StreamObserver<CreateShelfRequest> bulkCreateShelf(StreamObserver<Shelf> observer) {
    return each(request -> observer.onNext(request.getShelf()), () -> {}, observer);
  }

  private <Q extends Message> StreamObserver<Q> each(
      Consumer<Q> act, Runnable end, StreamObserver<?> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Q request) {
        recorder.received(request);
        act.accept(request);
      }

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {
        end.run();
        answer.onCompleted();
      }
    };
  }

  @Override
  public void echoRawBody(HttpBody request, StreamObserver<HttpBody> observer) {
    answer(request, request, observer);
  }

  @Override
  public void echoNestedBody(EchoNestedBodyRequest request, StreamObserver<HttpBody> observer) {
    answer(request, request.getNested2().getBody(), observer);
  }

  @Override
  public void echoResponseBodyPath(Empty request, StreamObserver<EchoBodyRequest> observer) {
    var nested = EchoBodyRequest.Nested.newBuilder().setContent(body("text/css", "h1 {}"));
    answer(request, EchoBodyRequest.newBuilder().setNested(nested).build(), observer);
  }

  private static HttpBody body(String type, String text) {
    return HttpBody.newBuilder()
        .setContentType(type)
        .setData(ByteString.copyFromUtf8(text))
        .addExtensions(Any.pack(Empty.getDefaultInstance()))
        .build();
  }

  @Override
  public void postWildcard(ArgMessage request, StreamObserver<ArgMessage> observer) {
    answer(request, request, observer);
  }

  @Override
  public void postCustomVerb(ArgMessage request, StreamObserver<ArgMessage> observer) {
    answer(request, request, observer);
  }
}
