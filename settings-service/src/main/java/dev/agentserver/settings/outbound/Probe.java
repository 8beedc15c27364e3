package dev.agentserver.settings.outbound;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.outbound.ProbeResult.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/// Asks a host that a user has named whether it answers by HTTP: one GET, to a public address, of
/// which nothing but the status is read.
///
/// The host is resolved once, and it is the address that was looked at that is connected to: a name
/// that has another address the next time leads nowhere else. Redirects are not followed, proxies
/// not used.
public final class Probe {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final OutboundConfig config;
  private final Resolver resolver;
  private final SSLSocketFactory tls;
  private final Semaphore turns;

  public Probe(OutboundConfig config, Resolver resolver, SSLSocketFactory tls) {
    this.config = config;
    this.resolver = resolver;
    this.tls = tls;
    this.turns = new Semaphore(config.concurrent());
  }

  /// Fails with Overloaded when too many are under way.
  public ProbeResult ask(Endpoint endpoint) {
    if (!turns.tryAcquire()) {
      throw new Problem.Overloaded("connection tests", RETRY).raise();
    }
    var start = System.nanoTime();
    var exchange = new Exchange();
    var task = new FutureTask<>(() -> run(endpoint, exchange));
    Thread.ofVirtual().name("probe").start(task);
    var answer = await(task, exchange);
    return new ProbeResult(
        answer.outcome(), answer.status(), Duration.ofNanos(System.nanoTime() - start));
  }

  private record Answer(Outcome outcome, int status) {
    static Answer not(Outcome outcome) {
      return new Answer(outcome, 0);
    }
  }

  /// The time is for all of it, so that an answer that trickles in takes no longer.
  private Answer await(FutureTask<Answer> task, Exchange exchange) {
    try {
      return task.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return Answer.not(Outcome.TIMED_OUT);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Answer.not(Outcome.TIMED_OUT);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a connection test", failed.getCause());
    } finally {
      exchange.close();
    }
  }

  /// The turn ends with the work, not with the wait for it: a resolver cannot be hurried.
  private Answer run(Endpoint endpoint, Exchange exchange) {
    try {
      var named = config.names(endpoint);
      if (!named && !config.ports().contains(endpoint.port())) {
        return Answer.not(Outcome.NOT_ALLOWED);
      }
      var addresses = resolver.resolve(endpoint.host());
      // One that is inside is enough: no honest host has both.
      if (!named && !addresses.stream().allMatch(Addresses::isPublic)) {
        return Answer.not(Outcome.NOT_ALLOWED);
      }
      return exchange(endpoint, addresses.getFirst(), exchange);
    } catch (UnknownHostException unknown) {
      return Answer.not(Outcome.UNKNOWN_HOST);
    } catch (SocketTimeoutException late) {
      return Answer.not(Outcome.TIMED_OUT);
    } catch (SSLException untrusted) {
      return Answer.not(Outcome.TLS_FAILED);
    } catch (IOException unreachable) {
      return Answer.not(Outcome.UNREACHABLE);
    } finally {
      turns.release();
    }
  }

  private Answer exchange(Endpoint endpoint, InetAddress address, Exchange exchange)
      throws IOException {
    try (var socket = exchange.open(new Socket())) {
      var status = exchange.status(socket, address, endpoint, tls, config.timeout());
      return status == 0 ? Answer.not(Outcome.NOT_HTTP) : new Answer(Outcome.ANSWERED, status);
    }
  }
}
