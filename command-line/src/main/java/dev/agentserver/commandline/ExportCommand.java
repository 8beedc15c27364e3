package dev.agentserver.commandline;

import dev.agentserver.commandline.history.Exported;
import dev.agentserver.commandline.prisma.LegacyAccess;
import dev.agentserver.commandline.prisma.PrismaTarget;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.commandline.transfer.Export;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./agentctl export`.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = {
      "Takes out the conversations that the caller owns, with all their branches.",
      ""
    })
final class ExportCommand implements Callable<Integer> {
  /// Where to.
  static final class Target {
    @Option(
        names = "--to",
        paramLabel = "FILE",
        description = {
          "NDJSON: of every conversation first itself, then a line for each message, as",
          "ExportConversation writes it. ./agentctl import agentserver reads it."
        })
    private @Nullable Path file;

    @Option(
        names = "--to-jdbc",
        paramLabel = "URL",
        description = {
          "The legacy tables \"Conversation\" and \"Message\" in a database, made where they are not",
          "there; user and password come from LEGACY_DB_USER and LEGACY_DB_PASSWORD."
        })
    private @Nullable String url;
  }

  @ArgGroup(multiplicity = "1")
  private Target target = new Target();

  @Mixin private ServerOptions server;

  @Option(
      names = "--everybody",
      description = {
        "Those of every user of the tenant. Makes a key for each (access:write), which is revoked in",
        "the end."
      })
  private boolean everybody;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (var connection = server.connect()) {
      var count =
          target.url == null ? toFile(connection, target.file) : toTables(connection, target.url);
      spec.commandLine().getOut().println(count + " conversations");
      return 0;
    }
  }

  /// A file is there when it is whole.
  private int toFile(Server connection, Path file) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".new");
    int count;
    try (var lines = Files.newBufferedWriter(next)) {
      count = each(connection, (conversation, _) -> lines.write(conversation));
    }
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    return count;
  }

  private int toTables(Server connection, String url) throws IOException {
    try (var tables = new PrismaTarget(LegacyAccess.of(url))) {
      return each(
          connection, (conversation, owner) -> tables.write(Exported.of(conversation), owner));
    }
  }

  private int each(Server connection, Export.Each each) throws IOException {
    var export = new Export(connection, Clock.systemUTC());
    return everybody ? export.everybodys(each) : export.own(each);
  }
}
