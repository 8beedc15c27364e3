package dev.agentserver.allinone;

import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is printed when everything runs: where, the key to call it with, and calls to try.
///
/// @param echo the agent that answers; null: nobody does
record Welcome(String url, String key, Path keyFile, UUID conversation, @Nullable UUID echo) {
  String text() {
    return """
        ready %1$s

        development key: %2$s
        (also in %3$s)

        Try
          curl %4$s %5$s -d '{"conversation_id":"%6$s","title":"First steps"}' %1$s/v1/conversations
          curl %4$s %5$s -d '{"role":"user","content":"hi"}' %1$s/v1/conversations/%6$s/messages
          curl %4$s %1$s/v1/conversations
        %7$s"""
        .formatted(
            url,
            key,
            keyFile,
            authorization(),
            "-H 'Content-Type: application/json'",
            conversation,
            answered());
  }

  /// The agent Echo answers what was said.
  private String answered() {
    return echo == null
        ? ""
        : "  curl %s %s -d '{\"agent_id\":\"%s\"}' %s/v1/conversations/%s/runs\n"
            .formatted(
                authorization(), "-H 'Content-Type: application/json'", echo, url, conversation);
  }

  /// Reads the key from its file, so that it does not end up in the history of the shell.
  private String authorization() {
    return "-H \"Authorization: Bearer $(cat " + quoted(keyFile.toString()) + ")\"";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
