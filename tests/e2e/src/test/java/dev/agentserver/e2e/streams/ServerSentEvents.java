package dev.agentserver.e2e.streams;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Reads `text/event-stream` as the HTML standard says.
public final class ServerSentEvents {
  /// @param id the last one that was sent, by this event or before
  public record Sent(String id, String type, String data) {}

  private final BufferedReader lines;
  private String id = "";

  public ServerSentEvents(InputStream body) {
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /// @return null at the end; what is incomplete there is no event
  public Sent next() throws IOException {
    var type = "message";
    var data = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && !data.isEmpty()) {
        return new Sent(id, type, data.substring(0, data.length() - 1));
      }
      var colon = line.indexOf(':');
      var field = colon < 0 ? line : line.substring(0, colon);
      var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (field) {
        case "id" -> id = value;
        case "event" -> type = value;
        case "data" -> data.append(value).append('\n');
        default -> {
          // A comment, or a field that does not concern us.
        }
      }
    }
    return null;
  }
}
