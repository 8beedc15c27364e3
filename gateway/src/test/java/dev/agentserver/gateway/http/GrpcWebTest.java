package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.notebook.Chunk;
import dev.agentserver.test.notebook.DownloadRequest;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.GetNoteRequest;
import dev.agentserver.test.notebook.Note;
import dev.agentserver.test.notebook.NoteEvent;
import dev.agentserver.test.notebook.WatchNoteRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// gRPC-Web, binary and text, as browsers' clients write it.
class GrpcWebTest {
  private static final String BINARY = "application/grpc-web+proto";
  private static final String TEXT = "application/grpc-web-text";

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private record Frame(int flag, byte[] content) {}

  private static byte[] frame(Message message) {
    return frame(0, message.toByteArray());
  }

  private static byte[] frame(int flag, byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) flag)
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static List<Frame> frames(byte[] body) {
    var frames = new ArrayList<Frame>();
    for (var rest = ByteBuffer.wrap(body); rest.hasRemaining(); ) {
      int flag = rest.get() & 0xff;
      var content = new byte[rest.getInt()];
      rest.get(content);
      frames.add(new Frame(flag, content));
    }
    return frames;
  }

  /// Decodes base64 with padding inside.
  private static byte[] decoded(byte[] text) {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < text.length; i += 4) {
      all.writeBytes(Base64.getDecoder().decode(java.util.Arrays.copyOfRange(text, i, i + 4)));
    }
    return all.toByteArray();
  }

  private static HttpResponse<byte[]> call(String method, String type, byte[] body) {
    return gateway.exchange(
        gateway
            .request("/notebook.v1." + method)
            .header("Content-Type", type)
            .header("Accept", type)
            .header("X-Grpc-Web", "1")
            .header("Authorization", "Bearer a.b.c")
            .POST(BodyPublishers.ofByteArray(body)),
        BodyHandlers.ofByteArray());
  }

  private static String trailers(Frame frame) {
    assertThat(frame.flag()).isEqualTo(0x80);
    return new String(frame.content(), StandardCharsets.US_ASCII);
  }

  private static Status status(HttpResponse<byte[]> response)
      throws InvalidProtocolBufferException {
    var details = response.headers().firstValue("grpc-status-details-bin").orElseThrow();
    return Status.parseFrom(Base64.getDecoder().decode(details));
  }

  private static void assertFault(HttpResponse<byte[]> response, String code, String reason)
      throws InvalidProtocolBufferException {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("grpc-status")).hasValue(code);
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/grpc-web");
    assertThat(status(response).getDetails(0).unpack(ErrorInfo.class).getReason())
        .isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/grpc-web", BINARY})
  void oneMessageInBinary(String type) throws InvalidProtocolBufferException {
    var request = frame(GetNoteRequest.newBuilder().setNoteId("5").build());

    var response = call("NoteService/GetNote", type, request);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue(BINARY);
    var frames = frames(response.body());
    assertThat(Note.parseFrom(frames.getFirst().content()).getId()).isEqualTo("5");
    assertThat(trailers(frames.getLast())).contains("grpc-status:0\r\n");
  }

  @Test
  void oneMessageInText() throws InvalidProtocolBufferException {
    var request =
        Base64.getEncoder().encode(frame(GetNoteRequest.newBuilder().setNoteId("5").build()));

    var response = call("NoteService/GetNote", TEXT, request);

    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/grpc-web-text+proto");
    var frames = frames(decoded(response.body()));
    assertThat(frames).hasSize(2);
    assertThat(Note.parseFrom(frames.getFirst().content()).getId()).isEqualTo("5");
    assertThat(trailers(frames.getLast())).contains("grpc-status:0\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "application/grpc-web-text, application/grpc-web-text, true",
    "application/grpc-web-text, application/grpc-web, false",
    "application/grpc-web-text, */*, true",
    "application/grpc-web, application/grpc-web-text+proto, true",
    "application/grpc-web, */*, false"
  })
  void theResponseIsTextWhereTheClientAsksForIt(String type, String accept, boolean isText) {
    var request = frame(GetNoteRequest.getDefaultInstance());

    var response =
        gateway.exchange(
            gateway
                .request("/notebook.v1.NoteService/GetNote")
                .header("Content-Type", type)
                .header("Accept", accept)
                .header("Authorization", "Bearer a.b.c")
                .POST(
                    BodyPublishers.ofByteArray(
                        type.contains("text") ? Base64.getEncoder().encode(request) : request)),
            BodyHandlers.ofByteArray());

    assertThat(response.headers().firstValue("content-type").orElse("").contains("text"))
        .isEqualTo(isText);
    assertThat(frames(isText ? decoded(response.body()) : response.body())).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {BINARY, TEXT})
  void manyMessagesDown(String type) throws InvalidProtocolBufferException {
    try (var own = new TestGateway()) {
      var request = frame(DownloadRequest.newBuilder().setCount(5).setSize(100).build());
      var body = type.equals(TEXT) ? Base64.getEncoder().encode(request) : request;

      var response =
          own.exchange(
              own.request("/notebook.v1.StreamService/Download")
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofByteArray(body)),
              BodyHandlers.ofByteArray());

      var frames = frames(type.equals(TEXT) ? decoded(response.body()) : response.body());
      assertThat(frames).hasSize(6);
      assertThat(Chunk.parseFrom(frames.get(4).content()).getNumber()).isEqualTo(4);
      assertThat(trailers(frames.getLast())).contains("grpc-status:0\r\n");
    }
  }

  @Test
  void aFaultAfterMessagesIsInTheLastFrame() {
    try (var own = new TestGateway()) {
      var request =
          frame(DownloadRequest.newBuilder().setCount(2).setSize(10).setFail(true).build());

      var response =
          own.exchange(
              own.request("/notebook.v1.StreamService/Download")
                  .header("Content-Type", BINARY)
                  .POST(BodyPublishers.ofByteArray(request)),
              BodyHandlers.ofByteArray());

      assertThat(trailers(frames(response.body()).getLast()))
          .contains("grpc-status:9\r\n")
          .contains("grpc-message:told to fail: %C3%BCnd so\r\n")
          .contains("grpc-status-details-bin:")
          .contains("x-cause:asked for\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {BINARY, TEXT})
  void aLongStreamIsCutByNoTimeoutAndEndsWithItsTrailers(String type) throws Exception {
    try (var own = new TestGateway(Map.of("DEFAULT_DEADLINE", "200ms"))) {
      var request = frame(WatchNoteRequest.newBuilder().setNoteId("n-1").build());
      var body = type.equals(TEXT) ? Base64.getEncoder().encode(request) : request;
      var open =
          CompletableFuture.supplyAsync(
              () ->
                  own.exchange(
                      own.request("/notebook.v1.FeedService/WatchNote")
                          .header("Content-Type", type)
                          .header("Authorization", "Bearer a.b.c")
                          .POST(BodyPublishers.ofByteArray(body)),
                      BodyHandlers.ofInputStream()));
      var watch = own.feed().next();
      watch.renamed(1, "before");
      assertThat(open.join().statusCode()).isEqualTo(200);
      assertThat(own.get("/v1/hang").statusCode()).isEqualTo(504);
      watch.renamed(2, "after");
      watch.end();

      var all = open.join().body().readAllBytes();
      var frames = frames(type.equals(TEXT) ? decoded(all) : all);
      assertThat(frames).hasSize(3);
      assertThat(NoteEvent.parseFrom(frames.get(1).content()).getRenamed()).isEqualTo("after");
      assertThat(trailers(frames.getLast())).contains("grpc-status:0\r\n");
    }
  }

  @Test
  void aGatewayThatStopsEndsTheStreamWithAStatus() throws Exception {
    try (var own = new TestGateway(Map.of("DRAIN_TIMEOUT", "1h"))) {
      var open =
          CompletableFuture.supplyAsync(
              () ->
                  own.exchange(
                      own.request("/notebook.v1.FeedService/WatchNote")
                          .header("Content-Type", BINARY)
                          .header("Authorization", "Bearer a.b.c")
                          .POST(BodyPublishers.ofByteArray(frame(Note.getDefaultInstance()))),
                      BodyHandlers.ofInputStream()));
      own.feed().next().renamed(1, "x");
      assertThat(open.join().statusCode()).isEqualTo(200);
      var body = new DataInputStream(open.join().body());
      assertThat(body.readByte()).isZero();
      body.skipNBytes(body.readInt());

      own.gateway().close();

      var frames = frames(body.readAllBytes());
      assertThat(frames).hasSize(1);
      assertThat(trailers(frames.getLast())).contains("grpc-status:14\r\n");
    }
  }

  @Test
  void aFaultBeforeAnyMessageIsInTheHeaders() throws InvalidProtocolBufferException {
    var request = FailRequest.newBuilder().setCode(5).setMessage("no such").setReason("NOT_FOUND");

    var response = call("NoteService/Fail", BINARY, frame(request.build()));

    assertFault(response, "5", "NOT_FOUND");
    assertThat(response.headers().firstValue("grpc-message")).hasValue("no such");
  }

  @Test
  void framesMayBeEncodedOneByOne() throws InvalidProtocolBufferException {
    var upload = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      var chunk =
          Chunk.newBuilder().setData(com.google.protobuf.ByteString.copyFrom(new byte[i + 1]));
      upload.writeBytes(Base64.getEncoder().encode(frame(chunk.build())));
    }
    upload.writeBytes(Base64.getEncoder().encode(frame(0x80, new byte[0])));

    var response = call("StreamService/Upload", TEXT, upload.toByteArray());

    var reply = Chunk.parseFrom(frames(decoded(response.body())).getFirst().content());
    assertThat(reply.getNumber()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAAAAA", "AA?AAAAA", "===="})
  void whatIsNotBase64IsRefused(String body) throws InvalidProtocolBufferException {
    assertFault(
        call("NoteService/GetNote", TEXT, body.getBytes(StandardCharsets.US_ASCII)),
        "3",
        "INVALID_ARGUMENT");
  }

  @Test
  void whatIsNoFrameIsRefused() throws InvalidProtocolBufferException {
    assertFault(
        call("NoteService/GetNote", BINARY, new byte[] {0, 0, 0, 0, 5, 1}),
        "3",
        "INVALID_ARGUMENT");
    assertFault(
        call("NoteService/GetNote", BINARY, new byte[] {7, 0, 0, 0, 0}), "3", "INVALID_ARGUMENT");
    assertFault(call("NoteService/GetNote", BINARY, new byte[] {0, -1, 0, 0, 0}), "8", "TOO_LARGE");
    assertFault(
        call("NoteService/GetNote", BINARY, new byte[] {0, 0x7f, 0, 0, 0, 1}), "8", "TOO_LARGE");
    assertFault(
        call("NoteService/GetNote", BINARY, new byte[] {1, 0, 0, 0, 1, 1}), "12", "UNIMPLEMENTED");
  }

  @Test
  void aSecondMessageWhereOneBelongsIsRefused() throws InvalidProtocolBufferException {
    var one = frame(GetNoteRequest.getDefaultInstance());
    var two = ByteBuffer.allocate(2 * one.length).put(one).put(one).array();

    assertFault(call("NoteService/GetNote", BINARY, two), "3", "INVALID_ARGUMENT");
  }

  @Test
  void whatIsNotServedIsUnimplemented() throws InvalidProtocolBufferException {
    assertFault(
        call("NoteService/Purge", BINARY, frame(GetNoteRequest.getDefaultInstance())),
        "12",
        "UNIMPLEMENTED");
    var get =
        gateway.exchange(
            gateway.request("/notebook.v1.NoteService/GetNote").header("Content-Type", BINARY),
            BodyHandlers.ofByteArray());
    assertFault(get, "12", "UNIMPLEMENTED");
  }

  @Test
  void aBrokenBinaryHeaderIsRefused() throws InvalidProtocolBufferException {
    var response =
        gateway.exchange(
            gateway
                .request("/notebook.v1.NoteService/GetNote")
                .header("Content-Type", BINARY)
                .header("Authorization", "Bearer a.b.c")
                .header("X-Some-Bin", "?")
                .POST(BodyPublishers.ofByteArray(frame(GetNoteRequest.getDefaultInstance()))),
            BodyHandlers.ofByteArray());

    assertFault(response, "3", "INVALID_ARGUMENT");
  }
}
