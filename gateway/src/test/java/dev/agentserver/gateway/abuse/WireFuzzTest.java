package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.Http2;
import dev.agentserver.gateway.test.RawClient;
import dev.agentserver.gateway.test.TestGateway;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is hardly HTTP/1.1 and hardly HTTP/2.
class WireFuzzTest {
  private static final String AUTHORIZATION = "Authorization: Bearer some.jwt.token\r\n";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private static List<byte[]> bytes(String... texts) {
    return Stream.of(texts).map(each -> each.getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  /// Sends, waits a little for what is said, hangs up halfway, and takes the rest.
  private static byte[] answer(TestGateway gateway, byte[] input) {
    try (var client = new RawClient(gateway)) {
      client.send(input);
      var said = client.soon(Duration.ofMillis(30));
      var rest = client.finish().toTheEnd();
      return ByteBuffer.allocate(said.length + rest.length).put(said).put(rest).array();
    }
  }

  private record Http1() implements Fuzzing.Kind {
    @Override
    public Mutator mutator(RandomGenerator random) {
      var host = " HTTP/1.1\r\nHost: x\r\n";
      return new Mutator(
          random,
          bytes(
              "GET /shelves" + host + "\r\n",
              "GET /v1/notes/5?view=FULL" + host + AUTHORIZATION + "\r\n",
              "POST /shelf" + host + "Content-Length: 13\r\n\r\n{\"theme\":\"a\"}",
              "POST /shelf"
                  + host
                  + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"the\r\n8\r\nme\":\"b\"}\r\n0\r\nX: y\r\n\r\n",
              "POST /echoStruct"
                  + host
                  + "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\":[1]}",
              "GET /v1/notes:watch" + host + AUTHORIZATION + "Accept: text/event-stream\r\n\r\n",
              "POST /notebook.v1.NoteService/GetNote"
                  + host
                  + AUTHORIZATION
                  + "Content-Type: application/grpc-web\r\nContent-Length: 8\r\n\r\n\0\0\0\0\u0003\n\u00015",
              "OPTIONS /shelves"
                  + host
                  + "Origin: http://localhost:1\r\nAccess-Control-Request-Method: GET\r\n\r\n",
              "GET /shelves"
                  + host
                  + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
              "HEAD /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
          bytes(
              "\r\n",
              "\n",
              "\r",
              "\r\n\r\n",
              " ",
              "\t",
              ":",
              "\0",
              "\u00ff",
              "/",
              "//",
              "/../",
              "%00",
              "%2e",
              "?",
              "#",
              "*",
              "http://a/b",
              "HTTP/1.1",
              "HTTP/1.0",
              "HTTP/2.0",
              "HTTP/9.9",
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
              "Content-Length: ",
              "Content-Length: 0\r\n",
              "Content-Length: 99999999999999999999\r\n",
              "Content-Length: -1\r\n",
              "Transfer-Encoding: chunked\r\n",
              "Transfer-Encoding: gzip\r\n",
              "0\r\n\r\n",
              "ffffffff\r\n",
              ";a=b",
              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
              "Upgrade: h2c\r\n",
              "Connection: close\r\n",
              "Expect: 100-continue\r\n",
              "Expect: x\r\n",
              "Host: y\r\n",
              "CONNECT ",
              "TRACE ",
              "X-Forwarded-For: 1.2.3.4\r\n",
              "Accept: */*;q=x\r\n",
              "grpc-timeout: 1n\r\n",
              "Content-Type: multipart/form-data\r\n",
              "Range: bytes=5-1\r\n",
              "If-Match: \"\"\r\n",
              "X: " + "y".repeat(5_000) + "\r\n"));
    }

    @Override
    public Fuzzing.Exchange exchange(TestGateway gateway) {
      return input -> {
        var text = new String(answer(gateway, input), StandardCharsets.ISO_8859_1);
        STATUS
            .matcher(text)
            .results()
            .forEach(status -> assertStatus(Integer.parseInt(status.group(1)), text));
      };
    }
  }

  /// A deadline that passes is no fault of anybody's.
  private static void assertStatus(int status, String text) {
    assertThat(status == 504 ? 408 : status).as(text).isLessThan(500);
  }

  private record Frames() implements Fuzzing.Kind {
    private static final byte[] GRPC =
        Http2.request(
            "POST",
            "/notebook.v1.NoteService/GetNote",
            "content-type",
            "application/grpc",
            "te",
            "trailers",
            "authorization",
            "Bearer some.jwt.token");

    private static byte[] frames(byte[]... frames) {
      var all = new ByteArrayOutputStream();
      all.writeBytes(Http2.frame(Http2.SETTINGS, 0, 0, new byte[0]));
      all.writeBytes(Http2.frame(Http2.SETTINGS, 1, 0, new byte[0]));
      for (var frame : frames) {
        all.writeBytes(frame);
      }
      return all.toByteArray();
    }

    @Override
    public Mutator mutator(RandomGenerator random) {
      var get = Http2.frame(Http2.HEADERS, 5, 1, Http2.request("GET", "/shelves"));
      var post = Http2.frame(Http2.HEADERS, 4, 3, Http2.request("POST", "/shelf"));
      var json =
          Http2.frame(Http2.DATA, 1, 3, "{\"theme\":\"a\"}".getBytes(StandardCharsets.US_ASCII));
      var grpc = Http2.frame(Http2.HEADERS, 4, 5, GRPC);
      var message = Http2.frame(Http2.DATA, 1, 5, new byte[] {0, 0, 0, 0, 3, 10, 1, '5'});
      var cut = Http2.frame(Http2.HEADERS, 1, 7, Http2.block(":method", "GET", ":scheme", "http"));
      var rest = Http2.frame(Http2.CONTINUATION, 4, 7, Http2.block(":path", "/shelves"));
      var window = Http2.frame(Http2.WINDOW_UPDATE, 0, 0, new byte[] {0, 1, 0, 0});
      var ping = Http2.frame(Http2.PING, 0, 0, new byte[8]);
      var reset = Http2.frame(Http2.RST_STREAM, 0, 3, new byte[] {0, 0, 0, 8});
      var priority = Http2.frame(2, 0, 9, new byte[] {0, 0, 0, 3, 16});
      var padded = Http2.frame(Http2.DATA, 9, 3, new byte[] {2, '{', '}', 0, 0});
      var trailers = Http2.frame(Http2.HEADERS, 5, 3, Http2.block("x-sum", "1"));
      var settings = Http2.frame(Http2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 9});
      return new Mutator(
          random,
          List.of(
              frames(get),
              frames(post, json),
              frames(grpc, message),
              frames(cut, rest),
              frames(get, window, ping, post, reset, priority),
              frames(settings, get, post, padded),
              frames(post, Http2.frame(Http2.DATA, 0, 3, new byte[] {'{', '}'}), trailers)),
          List.of(
              get,
              post,
              json,
              grpc,
              message,
              cut,
              rest,
              window,
              ping,
              reset,
              priority,
              padded,
              trailers,
              settings,
              Http2.frame(Http2.GO_AWAY, 0, 0, new byte[8]),
              Http2.frame(5, 4, 1, new byte[4]),
              Http2.frame(Http2.WINDOW_UPDATE, 0, 1, new byte[] {0x7f, -1, -1, -1}),
              Http2.frame(Http2.SETTINGS, 0, 0, new byte[] {0, 5, 0, -1, -1, -1}),
              new byte[] {-1, -1, -1},
              new byte[] {0},
              new byte[] {(byte) 0x80},
              new byte[9],
              Http2.block(":path", ""),
              Http2.block(":path", "*"),
              Http2.block("host", "a"),
              Http2.block("Upper", "x"),
              Http2.block("connection", "close"),
              Http2.block(":method", "CONNECT"),
              Http2.block("content-length", "5")));
    }

    @Override
    public Fuzzing.Exchange exchange(TestGateway gateway) {
      return input -> {
        var all = ByteBuffer.allocate(Http2.PREFACE.length + input.length);
        read(answer(gateway, all.put(Http2.PREFACE).put(input).array()));
      };
    }

    /// Every status in the frames.
    private static void read(byte[] said) {
      var decoder = new DefaultHttp2HeadersDecoder();
      var frames = ByteBuffer.wrap(said);
      while (frames.remaining() >= 9) {
        var length = (frames.get() & 0xff) << 16 | frames.getShort() & 0xffff;
        var type = frames.get();
        frames.get();
        var stream = frames.getInt();
        if (frames.remaining() < length) {
          return;
        }
        var payload = frames.slice(frames.position(), length);
        frames.position(frames.position() + length);
        if (type == Http2.HEADERS) {
          check(decoder, stream, payload);
        }
      }
    }

    private static void check(DefaultHttp2HeadersDecoder decoder, int stream, ByteBuffer block) {
      try {
        var status = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block)).status();
        if (status != null) {
          assertStatus(Integer.parseInt(status.toString()), "stream " + stream);
        }
      } catch (Http2Exception broken) {
        throw new AssertionError("the gateway sends headers that cannot be read", broken);
      }
    }
  }

  @Test
  void http1ThatIsDamagedIsAnsweredOrCut() throws InterruptedException {
    try (var fuzzing = new Fuzzing()) {
      fuzzing.run(new Http1());
    }
  }

  @Test
  void http2ThatIsDamagedIsAnsweredOrCut() throws InterruptedException {
    try (var fuzzing = new Fuzzing()) {
      fuzzing.run(new Frames());
    }
  }
}
