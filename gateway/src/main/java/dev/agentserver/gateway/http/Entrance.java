package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.auth.Authenticator;
import dev.agentserver.gateway.auth.Credential;
import dev.agentserver.gateway.call.Deadlines;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.contract.Door;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.guard.ConnectionGuard;
import dev.agentserver.gateway.limit.Allowance;
import dev.agentserver.gateway.limit.Client;
import dev.agentserver.gateway.limit.Counted;
import dev.agentserver.gateway.limit.RateLimiter;
import dev.agentserver.gateway.limit.StreamLimiter;
import dev.agentserver.kit.observe.Metrics;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Where each call is asked who makes it, and counted. A caller that is known is counted by its
/// credential, its user and its tenant; everybody else by the address, before anything is done for
/// them. So what a forged token says of itself counts against nobody.
final class Entrance {
  /// A stream ends when its client likes; asking again soon is no harm.
  private static final Duration STREAM_WAIT = Duration.ofSeconds(5);

  private final Authenticator authenticator;
  private final RateLimiter rates;
  private final StreamLimiter streams;
  private final Patience patience;
  private final Duration transfer;
  private final Metrics metrics;

  /// @param transfer how long a request and its reply may be on the way, beside the time of the
  /// call
  Entrance(
      Authenticator authenticator,
      RateLimiter rates,
      StreamLimiter streams,
      Patience patience,
      Duration transfer,
      Metrics metrics) {
    this.authenticator = authenticator;
    this.rates = rates;
    this.streams = streams;
    this.patience = patience;
    this.transfer = transfer;
    this.metrics = metrics;
  }

  /// Lets a call of a method in.
  ///
  /// @param ticket what counts where no header has a credential
  /// @return the token to send on; empty for an anonymous call of a public method
  Optional<String> admit(
      ServiceRequestContext context,
      Method method,
      HttpHeaders headers,
      Optional<Credential.Ticket> ticket) {
    if (method.isUnary()) {
      Deadlines.of(headers, method, patience)
          .ifPresent(time -> endAfter(context, time.plus(transfer)));
    }
    return admit(
        context, method.isPublic(), headers, ticket, Counted.of(method), Counted.lasts(method));
  }

  /// The same for a request behind an HTTP door.
  Optional<String> admit(
      ServiceRequestContext context,
      Door door,
      HttpHeaders headers,
      Optional<Credential.Ticket> ticket) {
    return admit(context, door.isPublic(), headers, ticket, Counted.CALLS, false);
  }

  private Optional<String> admit(
      ServiceRequestContext context,
      boolean isPublic,
      HttpHeaders headers,
      Optional<Credential.Ticket> ticket,
      Counted counted,
      boolean lasts) {
    var address = Client.at(context.clientAddress());
    var identity =
        authenticator.identify(isPublic, headers, ticket, () -> take(context, address, counted));
    var client = identity.caller().map(Client::of);
    client.ifPresent(known -> take(context, known, counted));
    if (lasts) {
      open(context, client.orElse(address));
    }
    return identity.token();
  }

  /// Cuts the connection of who does not read: the server would keep the reply for as long as the
  /// connection is open.
  private static void endAfter(ServiceRequestContext context, Duration time) {
    var log = context.log();
    var cut =
        context
            .eventLoop()
            .withoutContext()
            .schedule(
                () ->
                    ConnectionGuard.cut(
                        Objects.requireNonNull(
                            log.ensureAvailable(RequestLogProperty.SESSION).channel())),
                time.toNanos(),
                TimeUnit.NANOSECONDS);
    log.whenComplete().thenRun(() -> cut.cancel(false));
  }

  private void take(ServiceRequestContext context, Client client, Counted counted) {
    var allowance = rates.take(client, counted);
    allowance.ifPresent(
        nearest ->
            context.mutateAdditionalResponseHeaders(
                headers -> RateLimitHeaders.set(headers, nearest)));
    allowance
        .filter(Allowance::isRefusal)
        .ifPresent(
            refusal -> {
              throw refusal(refusal.name(), refusal.perMinute(), refusal.delay());
            });
  }

  private void open(ServiceRequestContext context, Client client) {
    switch (streams.open(client)) {
      case StreamLimiter.Opened(var close) -> context.log().whenComplete().thenRun(close);
      case StreamLimiter.Refused refused ->
          throw refusal(refused.name(), refused.most(), STREAM_WAIT);
    }
  }

  private Fault refusal(String limit, int allowed, Duration wait) {
    metrics
        .counter("gateway.refused", "Calls beyond a limit of their caller.", "limit", limit)
        .increment();
    return Fault.rateLimited(limit, allowed, wait);
  }
}
