package dev.agentserver.settings.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.settings.outbound.ProbeResult.Outcome;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final List<String> resolved = Collections.synchronizedList(new ArrayList<>());

  @Test
  void anAllowedHostIsAskedOnceAndItsStatusTold() {
    var head = new AtomicReference<String>();
    try (var server =
        Answering.plainly(
            socket -> {
              head.set(Answering.readHead(socket));
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 418 \r\n".getBytes(StandardCharsets.US_ASCII));
            })) {
      var result = ask(server, "http://tea.example:" + server.port() + "/pot?x=1");
      assertThat(result.outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(result.status()).isEqualTo(418);
      assertThat(head.get())
          .startsWith("GET /pot?x=1 HTTP/1.1\r\nHost: tea.example:" + server.port() + "\r\n");
      assertThat(server.asked()).isEqualTo(1);
    }
  }

  /// A name that has one address when it is looked at, and another when it is connected to.
  @Test
  void theAddressThatWasLookedAtIsTheOneThatIsConnectedTo() {
    try (var first = Answering.plainly(Answering.saying(OK));
        var second = Answering.at("127.0.0.2", first.port(), Answering.saying(OK))) {
      var answers = List.of("127.0.0.1", "127.0.0.2").iterator();
      var probe =
          probe(
              Set.of("moves.example:" + first.port()),
              host -> {
                resolved.add(host);
                return addresses(answers.next());
              });
      var result = probe.ask(endpoint("http://moves.example:" + first.port()));
      assertThat(result.outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(resolved).containsExactly("moves.example");
      assertThat(first.asked()).isEqualTo(1);
      assertThat(second.asked()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "1.1.1.1,127.0.0.1",
        "127.0.0.1,1.1.1.1",
        "2606:4700:4700::1111,fe80::1"
      })
  void aNameOfAnAddressInsideIsNotAsked(String found) {
    try (var server = Answering.plainly(Answering.saying(OK))) {
      var config = new OutboundConfig(Set.of(server.port()), Set.of(), Duration.ofSeconds(5), 4);
      var probe = new Probe(config, _ -> addresses(found.split(",")), tls());
      assertThat(probe.ask(endpoint("http://inner.example:" + server.port())).outcome())
          .isEqualTo(Outcome.NOT_ALLOWED);
      assertThat(server.asked()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "0.0.0.0"
      })
  void thisMachineIsNotAskedHoweverItIsWritten(String host) {
    try (var server = Answering.at("0.0.0.0", 0, Answering.saying(OK))) {
      var config = new OutboundConfig(Set.of(server.port()), Set.of(), Duration.ofSeconds(5), 4);
      var probe = new Probe(config, Resolver.SYSTEM, tls());
      var outcome =
          Endpoint.parse("http://" + host + ":" + server.port())
              .map(probe::ask)
              .map(ProbeResult::outcome)
              .orElse(Outcome.NOT_ALLOWED);
      assertThat(outcome).isIn(Outcome.NOT_ALLOWED, Outcome.UNKNOWN_HOST);
      assertThat(server.asked()).isZero();
    }
  }

  @Test
  void otherPortsAreNotAskedNorEvenLookedUp() {
    var probe = probe(Set.of("named.example"), this::local);
    for (var url :
        List.of("http://any.example:22", "http://named.example:6379", "http://a.example:5432")) {
      assertThat(probe.ask(endpoint(url)).outcome()).isEqualTo(Outcome.NOT_ALLOWED);
    }
    assertThat(resolved).isEmpty();
  }

  @Test
  void redirectsAreNotFollowed() {
    try (var inner = Answering.plainly(Answering.saying(OK));
        var outer =
            Answering.plainly(
                Answering.saying(
                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\n\r\n"
                        .formatted(inner.port())))) {
      assertThat(ask(outer, "http://outer.example:" + outer.port()).status()).isEqualTo(302);
      assertThat(inner.asked()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"SSH-2.0-OpenSSH_9.2, NOT_HTTP", "HTTP/1.1 abc, NOT_HTTP", "'', NOT_HTTP"})
  void whatSpeaksSomethingElseIsSaidToDoSo(String says, Outcome outcome) {
    try (var server = Answering.plainly(Answering.saying(says + "\r\n"))) {
      assertThat(ask(server, "http://other.example:" + server.port()).outcome()).isEqualTo(outcome);
    }
  }

  @Test
  void aLineWithoutEndIsNotReadToItsEnd() {
    try (var server =
        Answering.plainly(
            socket -> {
              while (true) {
                socket.getOutputStream().write(new byte[8192]);
              }
            })) {
      assertThat(ask(server, "http://endless.example:" + server.port()).outcome())
          .isEqualTo(Outcome.NOT_HTTP);
    }
  }

  @Test
  void anAnswerThatTricklesInIsLate() {
    var end = new CountDownLatch(1);
    try (var server =
        Answering.plainly(
            socket -> {
              while (end.getCount() > 0) {
                socket.getOutputStream().write('H');
                pause();
              }
            })) {
      var config =
          new OutboundConfig(
              Set.of(), Set.of("slow.example:" + server.port()), Duration.ofMillis(300), 4);
      var result =
          new Probe(config, this::local, tls())
              .ask(endpoint("http://slow.example:" + server.port()));
      assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
    } finally {
      end.countDown();
    }
  }

  @Test
  void hostsWithoutAddressAndPortsWithoutServerAreTold() {
    var closed = FreePort.find();
    assertThat(
            probe(Set.of("gone.example:" + closed), this::local)
                .ask(endpoint("http://gone.example:" + closed))
                .outcome())
        .isEqualTo(Outcome.UNREACHABLE);
    Resolver nobody =
        host -> {
          throw new UnknownHostException(host);
        };
    assertThat(probe(Set.of(), nobody).ask(endpoint("http://nobody.example")).outcome())
        .isEqualTo(Outcome.UNKNOWN_HOST);
  }

  @Test
  void noMoreAreUnderWayThanMayBe() {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var config = new OutboundConfig(Set.of(80), Set.of(), Duration.ofSeconds(20), 1);
    var probe =
        new Probe(
            config,
            host -> {
              begun.countDown();
              Await.latch(end);
              throw new UnknownHostException(host);
            },
            tls());
    var first = Thread.ofVirtual().start(() -> probe.ask(endpoint("http://a.example")));
    Await.latch(begun);
    assertThatThrownBy(() -> probe.ask(endpoint("http://b.example")))
        .isInstanceOf(ProblemException.class);
    end.countDown();
    Await.until("it is done", () -> !first.isAlive());
    assertThat(probe.ask(endpoint("http://c.example")).outcome()).isEqualTo(Outcome.UNKNOWN_HOST);
  }

  @Test
  void aCertificateIsTheHostsOrNone(@TempDir Path directory) throws Exception {
    var context = Certificates.of(directory, "good.example");
    var sockets = context.getServerSocketFactory();
    try (var server =
            new Answering(
                "tls",
                sockets.createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")),
                Answering.saying(OK));
        var plain =
            Answering.plainly(
                socket -> {
                  var hello = socket.getInputStream().read(new byte[8192]);
                  assertThat(hello).isPositive();
                  socket.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
                })) {
      var hosts =
          Set.of(
              "good.example:" + server.port(),
              "bad.example:" + server.port(),
              "good.example:" + plain.port());
      var config = new OutboundConfig(Set.of(), hosts, Duration.ofSeconds(10), 4);
      var trusting = new Probe(config, this::local, context.getSocketFactory());
      var good = "https://good.example:" + server.port();
      assertThat(trusting.ask(endpoint(good)).outcome()).isEqualTo(Outcome.ANSWERED);
      for (var url :
          List.of("https://bad.example:" + server.port(), "https://good.example:" + plain.port())) {
        assertThat(trusting.ask(endpoint(url)).outcome()).isEqualTo(Outcome.TLS_FAILED);
      }
      assertThat(new Probe(config, this::local, tls()).ask(endpoint(good)).outcome())
          .isEqualTo(Outcome.TLS_FAILED);
    }
  }

  private ProbeResult ask(Answering server, String url) {
    var host = endpoint(url).host() + ":" + server.port();
    return probe(Set.of(host), this::local).ask(endpoint(url));
  }

  private static Probe probe(Set<String> hosts, Resolver resolver) {
    return new Probe(
        new OutboundConfig(Set.of(80, 443), hosts, Duration.ofSeconds(10), 4), resolver, tls());
  }

  private List<InetAddress> local(String host) {
    resolved.add(host);
    return addresses("127.0.0.1");
  }

  private static List<InetAddress> addresses(String... literals) {
    return Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
  }

  private static Endpoint endpoint(String url) {
    return Endpoint.parse(url).orElseThrow();
  }

  private static SSLSocketFactory tls() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
  }
}
