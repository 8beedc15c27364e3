package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.stream.StreamMessage;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Cuts an exchange that carries nothing in either direction for too long: a client that neither
/// sends nor reads, or a service that does not answer. One that moves, however long it takes, is
/// left alone.
public final class Stall {
  /// Why an exchange was cut.
  public static final class Stalled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stalled(Duration patience) {
      super("nothing was carried for " + patience, null, false, false);
    }
  }

  private static final int LOOKS = 4;

  private final Duration patience;
  private volatile long moved = System.nanoTime();

  public Stall(Duration patience) {
    this.patience = patience;
  }

  /// The request; what it carries counts.
  public HttpRequest watched(HttpRequest request) {
    return request.mapData(this::moved);
  }

  /// The response; what it carries counts, and it is cut with the exchange.
  ///
  /// @param timer looks now and then
  public HttpResponse watched(HttpResponse response, ScheduledExecutorService timer) {
    var step = Math.max(1, patience.toNanos() / LOOKS);
    var looks = timer.scheduleAtFixedRate(() -> look(response), step, step, TimeUnit.NANOSECONDS);
    response.whenComplete().whenComplete((_, _) -> looks.cancel(false));
    return response.mapData(this::moved);
  }

  private <T> T moved(T data) {
    moved = System.nanoTime();
    return data;
  }

  private void look(StreamMessage<?> response) {
    if (System.nanoTime() - moved > patience.toNanos()) {
      response.abort(new Stalled(patience));
    }
  }
}
