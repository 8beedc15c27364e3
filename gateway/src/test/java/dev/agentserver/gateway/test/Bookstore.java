package dev.agentserver.gateway.test;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.test.bookstore.ArgMessage;
import dev.agentserver.test.bookstore.Author;
import dev.agentserver.test.bookstore.Book;
import dev.agentserver.test.bookstore.BookstoreGrpc;
import dev.agentserver.test.bookstore.CreateBookRequest;
import dev.agentserver.test.bookstore.CreateShelfRequest;
import dev.agentserver.test.bookstore.DeleteBookRequest;
import dev.agentserver.test.bookstore.EchoStructMessage;
import dev.agentserver.test.bookstore.GetAuthorRequest;
import dev.agentserver.test.bookstore.GetShelfRequest;
import dev.agentserver.test.bookstore.ListShelvesResponse;
import dev.agentserver.test.bookstore.Shelf;
import io.grpc.stub.StreamObserver;

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
  public void postWildcard(ArgMessage request, StreamObserver<ArgMessage> observer) {
    answer(request, request, observer);
  }

  @Override
  public void postCustomVerb(ArgMessage request, StreamObserver<ArgMessage> observer) {
    answer(request, request, observer);
  }
}
