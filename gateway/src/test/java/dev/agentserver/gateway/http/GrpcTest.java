package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.bookstore.BookstoreGrpc;
import dev.agentserver.test.notebook.Chunk;
import dev.agentserver.test.notebook.DownloadRequest;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.GetNoteRequest;
import dev.agentserver.test.notebook.NoteServiceGrpc;
import dev.agentserver.test.notebook.StreamServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// gRPC passes through in all its kinds.
class GrpcTest {
  private TestGateway gateway;
  private StreamServiceGrpc.StreamServiceBlockingStub streams;
  private StreamServiceGrpc.StreamServiceStub async;
  private NoteServiceGrpc.NoteServiceBlockingStub notes;

  @BeforeEach
  void start() {
    gateway = new TestGateway();
    var channel = gateway.channel();
    streams = StreamServiceGrpc.newBlockingStub(channel);
    async = StreamServiceGrpc.newStub(channel);
    notes = NoteServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static Metadata headers(String... namesAndValues) {
    var headers = new Metadata();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(
          Metadata.Key.of(namesAndValues[i], Metadata.ASCII_STRING_MARSHALLER),
          namesAndValues[i + 1]);
    }
    return headers;
  }

  private static void assertStatus(ThrowingCallable call, Code code, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> {
              assertThat(failed.getStatus().getCode()).isEqualTo(code);
              assertThat(reason(failed)).isEqualTo(reason);
            });
  }

  private static String reason(StatusRuntimeException failed) {
    var status = StatusProto.fromThrowable(failed);
    try {
      for (var detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
      return "";
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  @Test
  void oneMessageEachWay() {
    var data = ByteString.copyFrom(new byte[3_000_000]);

    var reply = streams.unary(Chunk.newBuilder().setData(data).setNumber(7).build());

    assertThat(reply.getNumber()).isEqualTo(7);
    assertThat(reply.getData()).isEqualTo(data);
  }

  @Test
  void anEmptyMessageEachWay() {
    assertThat(streams.unary(Chunk.getDefaultInstance())).isEqualTo(Chunk.getDefaultInstance());
  }

  @Test
  void manyMessagesDown() {
    var numbers = new ArrayList<Integer>();

    streams
        .download(DownloadRequest.newBuilder().setCount(100).setSize(10_000).build())
        .forEachRemaining(chunk -> numbers.add(chunk.getNumber()));

    assertThat(numbers).hasSize(100).isSorted();
  }

  @Test
  void noMessagesDown() {
    assertThat(streams.download(DownloadRequest.getDefaultInstance()).hasNext()).isFalse();
  }

  @Test
  void manyMessagesUp() throws Exception {
    var reply = new CompletableFuture<Chunk>();
    var upload = async.upload(into(new ArrayList<>(), reply));
    for (int i = 0; i < 50; i++) {
      upload.onNext(Chunk.newBuilder().setData(ByteString.copyFrom(new byte[1000])).build());
    }
    upload.onCompleted();

    assertThat(reply.get(10, TimeUnit.SECONDS).getNumber()).isEqualTo(50_000);
  }

  @Test
  void messagesBothWaysInTurn() throws Exception {
    var heard = new LinkedBlockingQueue<Chunk>();
    var end = new CompletableFuture<Chunk>();
    var chat = async.chat(into(heard, end));
    for (int i = 0; i < 20; i++) {
      chat.onNext(Chunk.newBuilder().setNumber(i).build());
      var answer = heard.poll(10, TimeUnit.SECONDS);
      assertThat(answer).extracting(chunk -> chunk.getNumber()).isEqualTo(i);
    }
    chat.onCompleted();

    end.get(10, TimeUnit.SECONDS);
  }

  private static StreamObserver<Chunk> into(
      java.util.Collection<Chunk> all, CompletableFuture<Chunk> end) {
    return new StreamObserver<>() {
      private Chunk last = Chunk.getDefaultInstance();

      @Override
      public void onNext(Chunk chunk) {
        last = chunk;
        all.add(chunk);
      }

      @Override
      public void onError(Throwable failed) {
        end.completeExceptionally(failed);
      }

      @Override
      public void onCompleted() {
        end.complete(last);
      }
    };
  }

  @Test
  void compressedMessagesAreRead() {
    var data = ByteString.copyFrom(new byte[100_000]);

    var reply = streams.withCompression("gzip").unary(Chunk.newBuilder().setData(data).build());

    assertThat(reply.getData()).isEqualTo(data);
  }

  @Test
  void aSlowReaderHoldsTheServiceBack() throws Exception {
    var call =
        gateway.channel().newCall(StreamServiceGrpc.getDownloadMethod(), CallOptions.DEFAULT);
    var got = new AtomicInteger();
    var first = new CompletableFuture<Integer>();
    var end = new CompletableFuture<Status>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(Chunk chunk) {
            got.incrementAndGet();
            first.complete(chunk.getNumber());
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(DownloadRequest.newBuilder().setCount(1000).setSize(256 * 1024).build());
    call.halfClose();
    first.get(10, TimeUnit.SECONDS);

    var held = awaitQuiet();

    assertThat(held).isLessThan(40);
    assertThat(got.get()).isEqualTo(1);
    call.request(2000);
    assertThat(end.get(60, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(got.get()).isEqualTo(1000);
  }

  /// Waits until the service has sent nothing for half a second.
  private int awaitQuiet() throws InterruptedException {
    var before = -1;
    while (gateway.sent() != before) {
      before = gateway.sent();
      Thread.sleep(Duration.ofMillis(500));
    }
    return before;
  }

  @Test
  void aCallThatIsCancelledIsCancelledAtTheService() throws Exception {
    var call =
        gateway.channel().newCall(StreamServiceGrpc.getDownloadMethod(), CallOptions.DEFAULT);
    ClientCalls.asyncServerStreamingCall(
        call,
        DownloadRequest.newBuilder().setCount(100_000).setSize(100_000).build(),
        into(new ArrayList<>(), new CompletableFuture<>()));
    call.cancel("enough", null);

    // The call may be cancelled before it ever came to the service; then nothing was sent.
    if (gateway.sent() > 0) {
      gateway.awaitCancelled();
    }
  }

  @Test
  void aWaitingCallIsCancelledAtTheService() throws Exception {
    var call = gateway.channel().newCall(NoteServiceGrpc.getHangMethod(), CallOptions.DEFAULT);
    ClientCalls.futureUnaryCall(call, Empty.getDefaultInstance());
    gateway.awaitHanging();

    call.cancel("enough", null);

    gateway.awaitCancelled();
  }

  @Test
  void aRestCallWhoseClientLeavesIsCancelledAtTheService() throws Exception {
    try (var socket = new java.net.Socket("127.0.0.1", gateway.gateway().port())) {
      socket.getOutputStream().write("GET /v1/hang HTTP/1.1\r\nHost: x\r\n\r\n".getBytes("ASCII"));
      gateway.awaitHanging();
    }

    gateway.awaitCancelled();
  }

  @Test
  void deadlinesAreTheClients() throws Exception {
    assertStatus(
        () ->
            notes
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .withWaitForReady()
                .hang(Empty.getDefaultInstance()),
        Code.DEADLINE_EXCEEDED,
        "");

    assertThat(gateway.recorder().millisLeft()).isBetween(0L, 2_000L);
    gateway.awaitCancelled();
  }

  @Test
  void aStreamHasNoDeadlineUnlessItAsksForOne() {
    streams.download(DownloadRequest.getDefaultInstance()).hasNext();
    assertThat(gateway.recorder().millisLeft()).isEqualTo(-1);

    streams.unary(Chunk.getDefaultInstance());
    assertThat(gateway.recorder().millisLeft()).isBetween(10_000L, 30_000L);
  }

  @Test
  void metadataTravelsBothWays() {
    var sent = headers("x-trace", "t1", "authorization", "Bearer a.b.c", "x-user-id", "root");
    sent.put(Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1, 2});

    notes
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent))
        .getNote(GetNoteRequest.newBuilder().setNoteId("5").build());

    assertThat(gateway.recorder().header("x-trace")).isEqualTo("t1");
    assertThat(gateway.recorder().header("authorization")).isEqualTo("Bearer a.b.c");
    assertThat(gateway.recorder().header("x-user-id")).isNull();
    assertThat(
            gateway
                .recorder()
                .metadata()
                .get(Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER)))
        .containsExactly(1, 2);
    assertThat(gateway.recorder().metadata().keys()).noneMatch(name -> name.startsWith(":"));
  }

  @Test
  void aServicesStatusComesBackWithItsDetailsAndTrailers() {
    var request =
        FailRequest.newBuilder().setCode(5).setMessage("no such 100% ü").setReason("NOT_FOUND");

    assertThatThrownBy(() -> notes.fail(request.build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> {
              assertThat(failed.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
              assertThat(failed.getStatus().getDescription()).isEqualTo("no such 100% ü");
              assertThat(reason(failed)).isEqualTo("NOT_FOUND");
              assertThat(failed.getTrailers())
                  .extracting(
                      trailers ->
                          trailers.get(
                              Metadata.Key.of("x-cause", Metadata.ASCII_STRING_MARSHALLER)))
                  .isEqualTo("asked for");
            });
  }

  @Test
  void aFaultAfterMessagesComesInTrailers() {
    var chunks =
        streams.download(
            DownloadRequest.newBuilder().setCount(3).setSize(10).setFail(true).build());
    var numbers = new ArrayList<Integer>();

    assertStatus(
        () -> chunks.forEachRemaining(chunk -> numbers.add(chunk.getNumber())),
        Code.FAILED_PRECONDITION,
        "LIMIT_REACHED");
    assertThat(numbers).isEqualTo(List.of(0, 1, 2));
  }

  @Test
  void whatIsNotServedIsUnimplemented() {
    var withToken =
        notes.withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(headers("authorization", "Bearer a.b.c")));

    assertStatus(
        () -> withToken.purge(Empty.getDefaultInstance()), Code.UNIMPLEMENTED, "UNIMPLEMENTED");
    assertStatus(
        () -> withToken.forgotten(Empty.getDefaultInstance()), Code.UNIMPLEMENTED, "UNIMPLEMENTED");
    assertStatus(
        () ->
            dev.agentserver.settings.v1.AccessServiceGrpc.newBlockingStub(gateway.channel())
                .getJwks(dev.agentserver.settings.v1.GetJwksRequest.getDefaultInstance()),
        Code.UNIMPLEMENTED,
        "UNIMPLEMENTED");
    assertStatus(
        () ->
            BookstoreGrpc.newBlockingStub(gateway.channel())
                .deleteShelf(dev.agentserver.test.bookstore.GetShelfRequest.getDefaultInstance()),
        Code.UNIMPLEMENTED,
        "UNIMPLEMENTED");
  }

  @Test
  void withoutACredentialOnlyWhatIsPublicIsServed() {
    assertStatus(
        () -> notes.getNote(GetNoteRequest.getDefaultInstance()),
        Code.UNAUTHENTICATED,
        "UNAUTHENTICATED");
  }

  @Test
  void anUpstreamThatIsGoneIsUnavailable() {
    gateway.stopBackend();

    assertStatus(() -> streams.unary(Chunk.getDefaultInstance()), Code.UNAVAILABLE, "UNAVAILABLE");
  }

  @Test
  void aMessageBeyondTheLimitIsRefused() {
    var tooLarge = ByteString.copyFrom(new byte[8 * 1024 * 1024 + 1]);

    assertStatus(
        () -> streams.unary(Chunk.newBuilder().setData(tooLarge).build()),
        Code.RESOURCE_EXHAUSTED,
        "TOO_LARGE");
  }
}
