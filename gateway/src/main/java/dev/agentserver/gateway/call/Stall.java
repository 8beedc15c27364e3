package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpData;
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
  /// What has to come to count as moving. A byte now and then is no upload.
  private static final int PIECE = 1024;

  /// Why an exchange was cut.
  public static final class Stalled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean inRequest;

    private Stalled(Duration patience, boolean inRequest) {
      super("next to nothing was carried for " + patience, null, false, false);
      this.inRequest = inRequest;
    }

    /// Whether the client had not sent all of its request.
    public boolean isInRequest() {
      return inRequest;
    }
  }

  private static final int LOOKS = 4;

  private final Duration patience;
  private volatile long moved = System.nanoTime();
  private volatile boolean inRequest = true;
  private long since;

  public Stall(Duration patience) {
    this.patience = patience;
  }

  /// The request; what it carries counts.
  public HttpRequest watched(HttpRequest request) {
    request.whenComplete().whenComplete((_, _) -> endOfRequest());
    return request.mapData(this::uploaded);
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

  private void endOfRequest() {
    inRequest = false;
    moved = System.nanoTime();
  }

  private HttpData uploaded(HttpData data) {
    since += data.length();
    if (since >= PIECE) {
      since = 0;
      moved(data);
    }
    return data;
  }

  private <T> T moved(T data) {
    moved = System.nanoTime();
    return data;
  }

  private void look(StreamMessage<?> response) {
    if (System.nanoTime() - moved > patience.toNanos()) {
      response.abort(new Stalled(patience, inRequest));
    }
  }
}
