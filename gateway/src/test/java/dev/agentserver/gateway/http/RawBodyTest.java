package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.HttpBody;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.bookstore.EchoBodyRequest;
import dev.agentserver.test.notebook.KeepRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are bytes of any kind: google.api.HttpBody.
class RawBodyTest {
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway(Map.of("MAX_BODY_BYTES", "4194304"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static HttpResponse<String> post(String path, String type, String body) {
    return gateway.send(
        gateway.request(path).POST(BodyPublishers.ofString(body)).header("Content-Type", type));
  }

  @Test
  void aReplyGoesOutAsItIs() {
    var answer = gateway.get("/index");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("<h1>Hello!</h1>");
    assertThat(answer.headers().firstValue("content-type")).contains("text/html");
    assertThat(answer.headers().firstValue("content-length")).contains("15");
    assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @Test
  void aFieldOfTheReplyMayBeTheBody() {
    var answer = gateway.get("/echoResponseBodyPath");

    assertThat(answer.body()).isEqualTo("h1 {}");
    assertThat(answer.headers().firstValue("content-type")).contains("text/css");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "text/event-stream"})
  void theBodiesOfAStreamAreOne(String accept) {
    var answer = gateway.send(gateway.request("/v1/show?count=3").header("Accept", accept));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; part=0");
    assertThat(answer.headers().firstValue("content-length")).isEmpty();
    assertThat(answer.body()).isEqualTo("piece 0\npiece 1\npiece 2\n");
  }

  @Test
  void aStreamWithoutBodiesIsEmpty() {
    var answer = gateway.get("/v1/show");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aFailureHasAStatusBeforeTheFirstBodyAndBreaksOffAfterIt() {
    var early = gateway.get("/v1/show?fail=true");
    assertThat(early.statusCode()).isEqualTo(400);
    assertThat(early.headers().firstValue("content-type")).contains("application/json");
    assertThat(early.body()).contains("LIMIT_REACHED");

    assertThatThrownBy(() -> gateway.get("/v1/show?count=2&fail=true"))
        .hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void aRequestIsTakenAsItIs() {
    var answer = post("/echoRawBody", "image/x; a=b", "{no json");

    assertThat(answer.body()).isEqualTo("{no json");
    assertThat(answer.headers().firstValue("content-type")).contains("image/x; a=b");
    assertThat(((HttpBody) gateway.recorder().message()).getContentType())
        .isEqualTo("image/x; a=b");
  }

  @Test
  void aBodyMayLieDeepInTheRequestAndOtherFieldsBesideIt() {
    var answer = post("/echoBody?arg=oops", "text/plain", "Hello!");

    assertThat(answer.body()).isEqualTo("Hello!");
    var request = (EchoBodyRequest) gateway.recorder().message();
    assertThat(request.getArg()).isEqualTo("oops");
    assertThat(request.getNested().getContent().getContentType()).isEqualTo("text/plain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/echoRawBody?data=aGk%3D",
        "/echoRawBody?content_type=text/html",
        "/echoBody?nested.content.data=aGk%3D",
        "/echoNestedBody?nested1.body.data=aGk%3D",
        "/echoNestedBody?nested2.body.data=%7b",
        "/echoBody?unknown=1"
      })
  void whatTheBodySaysTheQueryMayNotSay(String path) {
    assertThat(post(path, "text/plain", "x").statusCode()).isEqualTo(400);
  }

  @Test
  void anotherBodyIsAFieldAsAnyOther() {
    assertThat(post("/echoNestedBody?nested2.body.data=aGk%3D", "text/plain", "x").body())
        .isEqualTo("hi");
  }

  @Test
  void oneMessageHasALimit() {
    assertThat(post("/postBody", "a/b", "x".repeat(4 * 1024 * 1024 + 1)).statusCode())
        .isEqualTo(413);
    assertThat(post("/postBody", "a/b", "x".repeat(4 * 1024 * 1024)).statusCode()).isEqualTo(413);
    assertThat(post("/postBody", "a/b", "x".repeat(4_000_000)).statusCode()).isEqualTo(200);
  }

  @Test
  void codedBytesAreRefusedBecauseNobodyWouldKnow() {
    var coded =
        gateway
            .request("/echoRawBody")
            .POST(BodyPublishers.ofString("x"))
            .header("Content-Encoding", "gzip");
    assertThat(gateway.send(coded).statusCode()).isEqualTo(415);
  }

  @Test
  void everyChunkIsAMessageAndTheFirstSaysWhatTheyAre() throws IOException {
    try (var socket = new Socket("127.0.0.1", gateway.gateway().port())) {
      socket.setSoTimeout(20_000);
      var head =
          "POST /streamBody?arg=hi HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n";
      var out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      int sent = 0;
      for (var piece : new String[] {"5\r\nfirst\r\n", "1\r\n \r\n", "4\r\nlast\r\n"}) {
        out.write(piece.getBytes(StandardCharsets.US_ASCII));
        int expected = ++sent;
        Await.until("message " + sent, () -> gateway.recorder().messages().size() == expected);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(15)).asString().isEqualTo("HTTP/1.1 200 OK");
    }
    var messages = gateway.recorder().messages();
    assertThat(messages)
        .extracting(message -> ((EchoBodyRequest) message).getNested().getContent())
        .extracting(body -> body.getContentType() + ":" + body.getData().toStringUtf8())
        .containsExactly("text/plain:first", ": ", ":last");
    assertThat(messages)
        .extracting(message -> ((EchoBodyRequest) message).getArg())
        .containsExactly("hi", "", "");
  }

  @Test
  void anUploadHasNoLimit() {
    var size = 32 * 1024 * 1024;
    var answer =
        gateway.send(
            gateway
                .request("/v1/kept/a%2Fb.bin?label=new")
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[size])))
                .header("Content-Type", "application/pdf"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"number\":" + size);
    var first = (KeepRequest) gateway.recorder().messages().getFirst();
    assertThat(first.getName()).isEqualTo("a/b.bin");
    assertThat(first.getLabel()).isEqualTo("new");
    assertThat(first.getContent().getContentType()).isEqualTo("application/pdf");
  }

  @Test
  void anEmptyUploadIsAnUpload() {
    var answer = gateway.send(gateway.request("/v1/kept/nothing").PUT(BodyPublishers.noBody()));

    assertThat(answer.body()).contains("\"number\":0");
    assertThat(((KeepRequest) gateway.recorder().message()).getName()).isEqualTo("nothing");
  }
}
