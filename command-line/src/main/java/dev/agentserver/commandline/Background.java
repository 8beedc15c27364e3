package dev.agentserver.commandline;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The same command in a process that outlives the terminal.
final class Background {
  private Background() {}

  /// @param arguments those of this process
  static int start(Path job, List<String> arguments, PrintWriter out) throws IOException {
    Files.createDirectories(job);
    var command = new ArrayList<String>();
    command.add("nohup");
    var same = new ArrayList<>(arguments);
    same.removeIf("--background"::equals);
    command.addAll(ServiceCommands.java(Agentctl.class.getName(), same));
    var log = job.resolve("log");
    var process =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    out.printf("process %d; see ./agentctl job %s, and %s%n", process.pid(), job, log);
    return 0;
  }
}
