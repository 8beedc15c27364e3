package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.RawClient;
import dev.agentserver.gateway.test.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requests that are HTTP, and hold what hardly is gRPC-Web, JSON or a query.
class BodyFuzzTest {
  private static List<byte[]> bytes(String... texts) {
    return Stream.of(texts).map(each -> each.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /// Keeps its connection for as long as the gateway does.
  private static final class Connection {
    private final TestGateway gateway;
    private RawClient client;

    Connection(TestGateway gateway) {
      this.gateway = gateway;
      this.client = new RawClient(gateway);
    }

    String exchange(String firstLine, String type, byte[] body) {
      var request = new ByteArrayOutputStream();
      request.writeBytes(
          ("%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer some.jwt.token\r\n%sContent-Length: %d\r\n\r\n"
                  .formatted(firstLine, type, body.length))
              .getBytes(StandardCharsets.ISO_8859_1));
      request.writeBytes(body);
      try {
        var answer = client.send(request.toByteArray()).answer();
        if (answer.contains("connection: close")) {
          reconnect();
        }
        return answer;
      } catch (EOFException hungUp) {
        throw new AssertionError("a whole request was not answered", hungUp);
      }
    }

    private void reconnect() {
      client.close();
      client = new RawClient(gateway);
    }
  }

  private static void assertNoFault(String answer) {
    assertThat(Integer.parseInt(answer.substring(9, 12))).as(answer).isLessThan(500);
  }

  private record Json(String firstLine) implements Fuzzing.Kind {
    @Override
    public Mutator mutator(RandomGenerator random) {
      return new Mutator(
          random,
          bytes(
              "{\"theme\":\"a\",\"id\":\"5\"}",
              "{\"a\":[1,2.5e-3,true,null,\"x\\u00e4\\ud83d\\ude00\"],\"b\":{\"c\":{}}}",
              "{\"note\":{\"title\":\"t\",\"place\":{\"point\":{}}},\"title\":\"x\",\"labels\":{\"a\":\"b\"}}",
              "[{\"title\":\"a\"},{\"title\":\"b\"}]"),
          bytes(
              "{",
              "}",
              "[",
              "]",
              ",",
              ":",
              "\"",
              "\\",
              "\\u",
              "\\ud800",
              "\\u0000",
              "null",
              "true",
              "1e999999",
              "-0",
              "0x1",
              "NaN",
              "-Infinity",
              "18446744073709551616",
              "\"\"",
              "{}",
              "[]",
              "\u00e4",
              "\0",
              "/*",
              "//",
              "[".repeat(200),
              "{\"a\":".repeat(200),
              "9".repeat(400),
              "\ufeff",
              "\"@type\":\"x\"",
              "theme",
              "id",
              "title"));
    }

    @Override
    public Fuzzing.Exchange exchange(TestGateway gateway) {
      var connection = new Connection(gateway);
      return input ->
          assertNoFault(
              connection.exchange(firstLine, "Content-Type: application/json\r\n", input));
    }
  }

  private record Query() implements Fuzzing.Kind {
    @Override
    public Mutator mutator(RandomGenerator random) {
      return new Mutator(
          random,
          bytes(
              "/v1/notes/5?view=FULL",
              "/v1/notes/a%2Fb?view=1&view=2",
              "/shelves/7",
              "/authors/1?x=y",
              "/wildcard/a/b/c?arg=1",
              "/v1/notes/5:unknown?note_id=6",
              "/v1/download?count=1"),
          bytes(
              "%",
              "%0",
              "%zz",
              "%00",
              "%ff",
              "%c3%28",
              "%2f",
              "%5c",
              "%2e%2e",
              "..",
              "/",
              "//",
              "/.",
              ";",
              ":",
              "&",
              "=",
              "&&",
              "?",
              "??",
              "#",
              "+",
              "a.b.c=1",
              "view=",
              "view=99999999999",
              "note_id=x",
              "[]=",
              "*",
              "{}",
              "$alt=json",
              "x".repeat(3_000),
              "&a=b".repeat(500),
              ".".repeat(200) + "=1",
              "ticket=x"));
    }

    @Override
    public Fuzzing.Exchange exchange(TestGateway gateway) {
      var connection = new Connection(gateway);
      return input -> {
        var target = new StringBuilder("/");
        for (var octet : input) {
          target.append(octet > ' ' && octet < 127 ? (char) octet : '!');
        }
        if (!target.toString().contains("count=")) {
          assertNoFault(connection.exchange("GET " + target, "", new byte[0]));
        }
      };
    }
  }

  private record Web(String type, boolean isText) implements Fuzzing.Kind {
    @Override
    public Mutator mutator(RandomGenerator random) {
      var message = new byte[] {0, 0, 0, 0, 3, 10, 1, '5'};
      var empty = new byte[5];
      var trailers = ("\u0080\0\0\0\u000fgrpc-status: 0\r\n").getBytes(StandardCharsets.ISO_8859_1);
      return new Mutator(
          random,
          Stream.of(message, empty, trailers).map(this::written).toList(),
          Stream.of(
                  message,
                  trailers,
                  new byte[] {1, 0, 0, 0, 1},
                  new byte[] {0, -1, -1, -1, -1},
                  new byte[] {0, 0x7f, -1, -1, -1},
                  new byte[] {2},
                  new byte[3],
                  "=".getBytes(),
                  "==".getBytes(),
                  "!".getBytes(),
                  new byte[4_000])
              .map(each -> each.length > 3 ? written(each) : each)
              .toList());
    }

    private byte[] written(byte[] frame) {
      return isText ? Base64.getEncoder().encode(frame) : frame;
    }

    @Override
    public Fuzzing.Exchange exchange(TestGateway gateway) {
      var connection = new Connection(gateway);
      return input ->
          assertNoFault(
              connection.exchange(
                  "POST /notebook.v1.NoteService/GetNote",
                  "Content-Type: " + type + "\r\n",
                  input));
    }
  }

  private static void run(Fuzzing.Kind kind) throws InterruptedException {
    try (var fuzzing = new Fuzzing()) {
      fuzzing.run(kind);
    }
  }

  @Test
  void damagedJsonIsReadOrRefused() throws InterruptedException {
    run(new Json("POST /echoStruct"));
    run(new Json("POST /v1/notes"));
    run(new Json("POST /v1/upload"));
  }

  @Test
  void damagedQueriesAreReadOrRefused() throws InterruptedException {
    run(new Query());
  }

  @Test
  void damagedGrpcWebIsReadOrRefused() throws InterruptedException {
    run(new Web("application/grpc-web+proto", false));
  }

  @Test
  void damagedGrpcWebTextIsReadOrRefused() throws InterruptedException {
    run(new Web("application/grpc-web-text", true));
  }
}
