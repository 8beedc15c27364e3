package dev.agentserver.e2e.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.streams.ServerSentEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/// What happens in a session from its beginning to its end, as each way to follow it tells.
///
/// @param watched as server-sent events, while it happens
/// @param polled by asking for what comes after what is there, again and again
/// @param listed all of it, afterwards
record Following(List<JsonNode> watched, List<JsonNode> polled, List<JsonNode> listed) {
  /// What makes the session happen.
  interface Work {
    void run() throws Exception;
  }

  /// Follows a session in both ways while it is worked on.
  static Following during(Http user, String session, Work work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var watched = threads.submit(() -> watched(user, session));
      var polled = threads.submit(() -> polled(user, session));
      work.run();
      return new Following(watched.get(), polled.get(), listed(user, session));
    }
  }

  /// Kind and content of every event.
  List<String> brief() {
    return listed.stream()
        .map(event -> event.path("kind").asText() + " " + event.path("content").asText())
        .toList();
  }

  List<Integer> numbers() {
    return listed.stream().map(event -> event.path("seq").asInt()).toList();
  }

  private static boolean last(JsonNode event) {
    return event.path("kind").asText().equals("session.complete");
  }

  private static List<JsonNode> watched(Http user, String session)
      throws IOException, InterruptedException {
    var seen = new ArrayList<JsonNode>();
    var http = user.with("Accept", "text/event-stream");
    try (var body = http.open("/v1/sessions/" + session + ":watch").body()) {
      var events = new ServerSentEvents(body);
      for (var sent = events.next(); sent != null; sent = events.next()) {
        var event = Json.parse(sent.data());
        if (!event.path("kind").asText().isEmpty()) {
          seen.add(event);
          if (last(event)) {
            return seen;
          }
        }
      }
    }
    throw new AssertionError("the stream has ended after " + seen);
  }

  private static List<JsonNode> polled(Http user, String session) {
    var seen = new ArrayList<JsonNode>();
    var after = "0";
    while (seen.isEmpty() || !last(seen.getLast())) {
      var path = "/v1/sessions/" + session + "/events?wait=10s&after_seq=" + after;
      var page = user.get(path).expect(200).json();
      seen.addAll(Json.elements(page.path("events")));
      after = page.path("seq").asText();
    }
    return seen;
  }

  private static List<JsonNode> listed(Http user, String session) {
    var path = "/v1/sessions/" + session + "/events?page_size=1000";
    return Json.elements(user.get(path).expect(200).json().path("events"));
  }
}
