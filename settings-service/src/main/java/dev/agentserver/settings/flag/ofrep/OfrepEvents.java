package dev.agentserver.settings.flag.ofrep;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Ticket;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.flag.eval.FlagSet;
import dev.agentserver.settings.flag.serve.ServedFlags;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells clients by server-sent events that they should evaluate their flags again. What has
/// changed is not told: who may see it is decided when they ask.
final class OfrepEvents implements AutoCloseable {
  static final String PATH = "/ofrep/v1/events";

  private static final Logger LOG = LoggerFactory.getLogger(OfrepEvents.class);
  private static final HttpData REFETCH =
      HttpData.ofUtf8("data: {\"type\":\"refetchEvaluation\"}\n\n");
  private static final HttpData ALIVE = HttpData.ofUtf8(": alive\n\n");
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final double INACTIVITY = 120;

  private final ServedFlags flags;
  private final BiFunction<Caller, String, Ticket> tickets;
  private final Semaphore room;
  private final Set<Thread> open = ConcurrentHashMap.newKeySet();

  /// @param tickets signs what a URL may carry, for a caller and a path
  /// @param most the streams that may be open at once
  OfrepEvents(ServedFlags flags, BiFunction<Caller, String, Ticket> tickets, int most) {
    this.flags = flags;
    this.tickets = tickets;
    this.room = new Semaphore(most);
  }

  /// Where this caller hears of changes. The ticket is good for a minute, the stream for longer.
  Map<String, @Nullable Object> offer(Caller caller, String selector, RequestHeaders headers) {
    var scheme = headers.get("x-forwarded-proto", "http");
    var host = headers.get("x-forwarded-host", String.valueOf(headers.authority()));
    var environment = selector.isEmpty() ? "" : selector + "&";
    var url =
        scheme
            + "://"
            + host
            + PATH
            + "?"
            + environment
            + "ticket="
            + tickets.apply(caller, PATH).text();
    return OfrepJson.stream(url, INACTIVITY);
  }

  HttpResponse open(ServiceRequestContext context, Caller caller, String selector) {
    var seen = flags.of(caller, selector);
    if (!room.tryAcquire()) {
      throw new Problem.Overloaded("open_streams", RETRY).raise();
    }
    context.clearRequestTimeout();
    var response = HttpResponse.streaming();
    response.write(
        ResponseHeaders.builder(200)
            .contentType(MediaType.EVENT_STREAM)
            .set("cache-control", "no-store")
            .build());
    var thread =
        Thread.ofVirtual()
            .name("ofrep-events")
            .unstarted(() -> tell(response, caller, selector, seen));
    open.add(thread);
    response.whenComplete().whenComplete((_, _) -> thread.interrupt());
    thread.start();
    return response;
  }

  /// Waits for a reader that is slow: what it missed meanwhile is one event.
  private void tell(HttpResponseWriter response, Caller caller, String selector, FlagSet seen) {
    try {
      write(response, ALIVE);
      flags.follow(
          caller, selector, seen, changed -> write(response, changed.isEmpty() ? ALIVE : REFETCH));
    } catch (Cancelled | ProblemException ended) {
      LOG.debug("a stream of flag events ends", ended);
    } catch (RuntimeException failure) {
      LOG.warn("a stream of flag events failed", failure);
    } finally {
      open.remove(Thread.currentThread());
      room.release();
      response.close();
    }
  }

  private static void write(HttpResponseWriter response, HttpData data) {
    if (!response.tryWrite(data)) {
      throw new Cancelled();
    }
    try {
      response.whenConsumed().join();
    } catch (CompletionException gone) {
      throw new Cancelled();
    }
  }

  /// Ends all streams; their clients come back to another process.
  @Override
  public void close() {
    open.forEach(Thread::interrupt);
  }
}
