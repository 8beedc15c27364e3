package dev.agentserver.e2e.streams;

import static java.util.stream.Collectors.joining;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.clients.NodeProject;
import dev.agentserver.e2e.streams.ServerSentEvents.Sent;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// Follows with the EventSource of npm, in a process of Node's: `eventsource/follow.js`.
final class WatchByEventSource implements AutoCloseable {
  private final Transcript transcript = new Transcript("EventSource");
  private final Process process;

  private WatchByEventSource(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("output of Node").start(this::read);
  }

  static WatchByEventSource start(URI url, User user, String conversation)
      throws IOException, InterruptedException {
    var project = NodeProject.copy(Path.of("eventsource"), Path.of("target", "eventsource"));
    project.npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
    var environment =
        Map.of(
            "AGENTSERVER_URL",
            url.toString(),
            "AGENTSERVER_TOKEN",
            user.token(),
            "CONVERSATION",
            conversation,
            "TYPES",
            ConversationEvent.getDescriptor().getOneofs().getFirst().getFields().stream()
                .map(field -> field.getName())
                .collect(joining(",")));
    return new WatchByEventSource(project.start(environment, "node", "follow.js"));
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        add(line);
      }
    } catch (IOException | RuntimeException | AssertionError failure) {
      transcript.violate(failure.toString());
    }
  }

  private void add(String line) {
    var json = Json.parse(line);
    var sent =
        new Sent(json.path("id").asText(), json.path("type").asText(), json.path("data").asText());
    if (!sent.type().equals("error")) {
      transcript.add(WatchBySse.frame(sent));
    } else {
      WatchBySse.requireUnavailable(sent.data());
    }
  }

  Transcript transcript() {
    return transcript;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
