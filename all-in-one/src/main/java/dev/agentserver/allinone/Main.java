package dev.agentserver.allinone;

import dev.agentserver.allinone.worker.DevelopmentWorker;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.observe.Logging;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line of `./run`.
@Command(
    name = "./run",
    mixinStandardHelpOptions = true,
    version = "Agent Server 0.1.0",
    showDefaultValues = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Starts Agent Server on this machine, for development: PostgreSQL, every service and the gateway in one process.",
      "Everything listens on the loopback interface only and is kept in the data directory.",
      ""
    },
    footer = {
      "",
      "Ctrl-C or SIGTERM lets the calls in flight finish and stops everything that was started.",
      "It builds first what is not built yet; that needs Maven."
    })
public final class Main implements Callable<Integer> {
  private static final int HIGHEST_PORT = 65_535;
  private static final int MOST_TENANTS = 1000;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The gateway's port; 0 takes a free one.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIRECTORY",
      defaultValue = "data",
      description = "Where everything is kept.")
  private Path data = Path.of("data");

  @Option(
      names = "--tenants",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "How many tenants there are.",
        "The key of the first is in DIRECTORY/development-key,",
        "that of the n-th in DIRECTORY/development-key-n."
      })
  private int tenants;

  @Option(
      names = "--expose",
      description = {
        "Give the services their default ports (9101 to 9104; HTTP 9112 and 9113;",
        "object store 9000; admin 8081)",
        "instead of free ones. The ports in use are in DIRECTORY/endpoints.json."
      })
  private boolean exposed;

  @Option(
      names = "--no-worker",
      description = {
        "Start without the reference worker, which answers in conversations as the agent Echo."
      })
  private boolean withoutWorker;

  @Option(
      names = "--model-url",
      paramLabel = "URL",
      description = {
        "Have the agent Assistant answer with a model: any endpoint that speaks OpenAI's chat",
        "completions, for example http://127.0.0.1:11434/v1."
      })
  private @Nullable URI modelUrl;

  @Option(
      names = "--model-key-file",
      paramLabel = "FILE",
      description = "The key of that endpoint, where it needs one.")
  private @Nullable Path modelKeyFile;

  @Option(
      names = "--log",
      paramLabel = "LEVEL",
      defaultValue = "warn",
      description = "What is logged: debug, info, warn or error.")
  private String logLevel = "warn";

  @Option(names = "--class-archive", hidden = true)
  private @Nullable Path classArchive;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() {
    check(
        port >= 0 && port <= HIGHEST_PORT,
        "--port is " + port + ", allowed is 0 to " + HIGHEST_PORT);
    check(
        tenants >= 1 && tenants <= MOST_TENANTS,
        "--tenants is " + tenants + ", allowed is 1 to " + MOST_TENANTS);
    check(
        logLevel.matches("debug|info|warn|error"),
        "--log is " + logLevel + ", allowed is debug, info, warn or error");
    Logging.configure(logLevel, false);
    check(modelUrl == null || !withoutWorker, "--model-url needs the worker: no --no-worker");
    var worker = new DevelopmentWorker(!withoutWorker, modelUrl, modelKeyFile);
    var settings = new Settings(port, data, exposed, tenants, worker, classArchive);
    return new Launcher(System.out, System.err).run(settings, Environment.system());
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
