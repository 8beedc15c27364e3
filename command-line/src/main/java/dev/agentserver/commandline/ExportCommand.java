package dev.agentserver.commandline;

import dev.agentserver.commandline.prisma.LegacyAccess;
import dev.agentserver.commandline.server.LentKeys;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.commandline.transfer.Export;
import dev.agentserver.commandline.transfer.Owners;
import dev.agentserver.commandline.transfer.WayBack;
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
import picocli.CommandLine.ParameterException;
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
          "NDJSON: of every conversation first itself, then a line for each message, as "
              + "ExportConversation writes it. ./agentctl import agentserver reads it."
        })
    private @Nullable Path file;

    @Option(
        names = "--to-jdbc",
        paramLabel = "URL",
        description = {
          "The legacy tables \"Conversation\", \"Message\" and \"ChatSettings\" in a database, made where "
              + "they are not there; user and password come from LEGACY_DB_USER and LEGACY_DB_PASSWORD."
        })
    private @Nullable String url;
  }

  @ArgGroup(multiplicity = "1")
  private Target target = new Target();

  @Mixin private ServerOptions server;

  @Option(
      names = "--everybody",
      description = {
        "Those of every user of the tenant. Makes a key for each (access:write), which is revoked in "
            + "the end."
      })
  private boolean everybody;

  @Option(
      names = "--owners",
      paramLabel = "FILE",
      description = {
        "Of --to-jdbc only: a line for each user, as import has it: the id there, a comma, the id or "
            + "e-mail address here. Without a line users keep the ids that they have here.",
        "Needs access:read."
      })
  private @Nullable Path owners;

  @Option(
      names = "--files",
      paramLabel = "DIRECTORY",
      description = {
        "Of --to-jdbc only: files go there, under their minioPath, with a row of \"FileUpload\" for "
            + "each that has none. Without it files stay where they are."
      })
  private @Nullable Path files;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (target.url == null && (owners != null || files != null)) {
      throw new ParameterException(
          spec.commandLine(), "--owners and --files are for --to-jdbc only");
    }
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
    try (var tables = new WayBack(LegacyAccess.of(url), owners(connection), files)) {
      return each(connection, tables);
    }
  }

  private @Nullable Owners owners(Server connection) throws IOException {
    if (owners == null) {
      return null;
    }
    try (var keys = new LentKeys(connection, Clock.systemUTC())) {
      return Owners.of(keys.users()).with(owners);
    }
  }

  private int each(Server connection, Export.Taker taker) throws IOException {
    var export = new Export(connection, Clock.systemUTC());
    return everybody ? export.everybodys(taker) : export.own(taker);
  }
}
