package dev.agentserver.commandline;

import dev.agentserver.commandline.transfer.Verification;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./agentctl verify`: links between services; with `import`, an import.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    subcommands = VerifyCommand.OfImport.class,
    description = {
      "Counts links between the services that lead nowhere.",
      "They are those of runs and sessions to conversations and messages, and of messages to runs "
          + "and files; it reads as DB_ADMIN_URL, DB_ADMIN_USER, DB_ADMIN_PASSWORD. Ends with 1 where there are any; what was deleted a moment ago may be.",
      "With import: compares a source with what the server has of it."
    })
final class VerifyCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException, InterruptedException {
    return ServiceCommands.verifyLinks();
  }

  /// `./agentctl verify import`.
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = {
        "Compares every conversation of a source with the server's, by a hash of title, times, "
            + "texts, parents, order of siblings and everything else that is imported. Names those that "
            + "differ or are missing, and ends with 1 where there are any. Changes nothing."
      })
  static final class OfImport implements Callable<Integer> {
    private static final int HANDS = 8;

    @Mixin private SourceOptions source;
    @Mixin private ServerOptions server;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      var out = spec.commandLine().getOut();
      try (var connection = server.connect()) {
        var result = new Verification(source.open(), connection, HANDS, out).run();
        out.printf(
            "%d equal, %d different, %d missing, %d not understood%n",
            result.equal(), result.different(), result.missing(), result.refused());
        return result.whole() ? 0 : 1;
      }
    }
  }
}
