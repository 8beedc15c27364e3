package dev.agentserver.commandline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./agentctl job`.
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = {
      "Shows how far an import is.",
      "Ends with 0 when it is done, with 1 when it is at work, and with 3 when its process is "
          + "gone: the import command, given again, goes on where it was."
    })
final class JobCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AT_WORK = 1;
  private static final long INTERVAL_MILLIS = 1000;

  /// A process that was just started in the background has not written yet.
  private static final int BEGIN_SECONDS = 30;

  @Parameters(paramLabel = "DIRECTORY", description = "The job's directory.")
  private Path directory = Path.of(".");

  @Option(names = "--follow", description = "Stay until it ends, with a line a second.")
  private boolean follow;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (var waited = 0; follow && !Files.exists(file()) && waited < BEGIN_SECONDS; waited++) {
      Thread.sleep(INTERVAL_MILLIS);
    }
    while (true) {
      var progress = JSON.readTree(Files.readString(file()));
      spec.commandLine().getOut().println(progress);
      var code = code(progress);
      if (!follow || code != AT_WORK) {
        return code;
      }
      Thread.sleep(INTERVAL_MILLIS);
    }
  }

  private Path file() {
    return directory.resolve("progress.json");
  }

  private static int code(JsonNode progress) {
    if (!progress.path("state").asText().equals("RUNNING")) {
      return progress.path("state").asText().equals("DONE") ? 0 : Agentctl.NOT_DONE;
    }
    var alive =
        ProcessHandle.of(progress.path("pid").asLong()).map(ProcessHandle::isAlive).orElse(false);
    return alive ? AT_WORK : Agentctl.NOT_DONE;
  }
}
