package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts programs of PostgreSQL the way this machine needs it.
///
/// PostgreSQL refuses to run as root. For root, `unshare -U` gives it a user namespace in which it
/// is nobody, while its files stay root's. `setsid` gives it a session of its own: Ctrl-C in a
/// terminal goes to the whole foreground group, and PostgreSQL must not end before the requests in
/// flight have. Both replace themselves by the program, so the process started is PostgreSQL
/// itself.
final class Commands {
  private final List<String> prefix;

  private Commands(List<String> prefix) {
    this.prefix = prefix;
  }

  static Commands ofThisMachine() throws IOException, InterruptedException {
    var prefix = new ArrayList<String>();
    if (run(List.of("sh", "-c", "command -v setsid")).succeeded()) {
      prefix.add("setsid");
    }
    if (run(List.of("id", "-u")).output().equals("0")) {
      if (!run(List.of("unshare", "-U", "true")).succeeded()) {
        throw new StartFailure(
            "PostgreSQL does not run as root, and user namespaces are not allowed here. Start Agent Server as another user.");
      }
      prefix.addAll(List.of("unshare", "-U"));
    }
    return new Commands(List.copyOf(prefix));
  }

  ProcessBuilder command(List<String> command) {
    var whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return builder(whole);
  }

  /// What a finished program said.
  record Result(int status, String output) {
    boolean succeeded() {
      return status == 0;
    }
  }

  Result runToEnd(List<String> command) throws IOException, InterruptedException {
    return finish(command(command));
  }

  /// Sends a signal by the shell's own `kill`, because the Java API knows only TERM and KILL, and
  /// PostgreSQL's quick shutdown is INT.
  static void signal(ProcessHandle process, String signal)
      throws IOException, InterruptedException {
    run(List.of("sh", "-c", "kill -" + signal + " " + process.pid()));
  }

  private static Result run(List<String> command) throws IOException, InterruptedException {
    try {
      return finish(builder(command));
    } catch (IOException _) {
      return new Result(127, ""); // as a shell says it: there is no such program
    }
  }

  private static Result finish(ProcessBuilder builder) throws IOException, InterruptedException {
    var process = builder.start();
    process.getOutputStream().close();
    try (var output = process.getInputStream()) {
      var text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor(), text);
    }
  }

  /// The caller's own settings for PostgreSQL clients and its language must not reach these
  /// programs.
  private static ProcessBuilder builder(List<String> command) {
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).directory(Path.of("/").toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }
}
