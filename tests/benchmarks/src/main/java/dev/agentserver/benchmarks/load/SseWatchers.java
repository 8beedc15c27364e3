package dev.agentserver.benchmarks.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Flow;

/// Many who watch a conversation by server-sent events, each on a connection of its own, as
/// browsers without HTTP/2 do.
public final class SseWatchers implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public SseWatchers(URI stream, String token, Arrivals arrivals) {
    var request =
        HttpRequest.newBuilder(stream)
            .header("accept", "text/event-stream")
            .header("authorization", "Bearer " + token)
            .build();
    var door = new Door();
    for (var n = 0; n < arrivals.watchers(); n++) {
      door.enter();
      http.sendAsync(request, BodyHandlers.fromLineSubscriber(new Watcher(arrivals, door)));
    }
    door.awaitAll();
  }

  /// An event has its number in `id`, and ends with an empty line.
  private static final class Watcher implements Flow.Subscriber<String> {
    private static final String ID = "id:";
    private static final String CREATED = "event: message_created";

    private final Arrivals arrivals;
    private final Door door;
    private long seq;
    private boolean created;

    Watcher(Arrivals arrivals, Door door) {
      this.arrivals = arrivals;
      this.door = door;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
      door.entered();
    }

    @Override
    public void onNext(String line) {
      if (line.startsWith(ID)) {
        seq = Long.parseLong(line.substring(ID.length()).strip());
      } else if (line.equals(CREATED)) {
        created = true;
      } else if (line.isEmpty() && created) {
        created = false;
        arrivals.arrived(seq);
      }
    }

    /// Who misses an event is missed.
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
