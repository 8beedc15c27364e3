package dev.agentserver.commandline;

import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.job.Job;
import dev.agentserver.commandline.job.Progress;
import dev.agentserver.commandline.job.Progress.Outcome;
import dev.agentserver.commandline.prisma.PrismaSource;
import dev.agentserver.commandline.server.LentKeys;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.commandline.transfer.Belongings;
import dev.agentserver.commandline.transfer.Import;
import dev.agentserver.commandline.transfer.Owners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./agentctl import`.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = {
      "Brings conversations from elsewhere to the server, with branches and times.",
      "Given again it writes only what is not there yet, also after it was killed: ids follow "
          + "from those of the source. What was not understood is kept with its message and named in the report.",
      "Needs a key with conversation:import.",
      ""
    })
final class ImportCommand implements Callable<Integer> {
  private static final int MOST_HANDS = 64;

  @Mixin private SourceOptions source;
  @Mixin private ServerOptions server;

  @Option(
      names = "--job",
      paramLabel = "DIRECTORY",
      description = {
        "Where the journal, the progress and the report are kept "
            + "(default: ./import-FORM-… of the source and the server)."
      })
  private @Nullable Path directory;

  @Option(
      names = "--owners",
      paramLabel = "FILE",
      description = {
        "A line for each user of the source: its id there, a comma, its id or e-mail address here.",
        "Of prisma only; a user who is known here by the same id or address needs no line.",
        "Needs the rights of the tenant's owner.",
        "Without it and --each-to-its-owner everything becomes the caller's."
      })
  private @Nullable Path owners;

  @Option(
      names = "--each-to-its-owner",
      description = "The same without a file: users are known here by the same id or address.")
  private boolean eachToItsOwner;

  @Option(
      names = "--files",
      paramLabel = "DIRECTORY",
      description = {
        "Of prisma only: holds the files of FileUpload under their minioPath. Without it, and where "
            + "one is not there, its row is in the report."
      })
  private @Nullable Path files;

  @Option(names = "--dry-run", description = "Read and report, write nothing.")
  private boolean dryRun;

  @Option(names = "--background", description = "Leave it to a process of its own: see job.")
  private boolean background;

  @Option(
      names = "--follow",
      paramLabel = "SECONDS",
      description = {
        "Of prisma only: read again and again, that many seconds apart, until interrupted, while the "
            + "old application still writes."
      })
  private int follow;

  @Option(
      names = "--hands",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many conversations are written at a time (default: 8).")
  private int hands;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var live = source.form() == SourceOptions.Form.prisma;
    check(follow >= 0 && (follow == 0 || live), "--follow is for prisma, and a number of seconds");
    check(hands > 0 && hands <= MOST_HANDS, "--hands is " + hands + ", allowed is 1 to 64");
    check(
        live || owners == null && !eachToItsOwner && files == null,
        "--owners, --each-to-its-owner and --files are for prisma only");
    var at = directory == null ? usual() : directory;
    if (background) {
      var same = spec.root().commandLine().getParseResult().originalArgs();
      return Background.start(at, same, spec.commandLine().getOut());
    }
    try (var connection = server.connect();
        var job = Job.open(at, subject())) {
      return run(connection, job);
    }
  }

  private int run(Server connection, Job job) throws IOException, InterruptedException {
    var known = owners(connection);
    var opened = source.open();
    var live = opened instanceof PrismaSource;
    var work = new Import(opened, connection, job, new Import.Settings(known, live, dryRun, hands));
    while (true) {
      var progress = new Progress(job, Clock.systemUTC());
      try (var keys = new LentKeys(connection, Clock.systemUTC())) {
        work.pass(progress, keys);
        if (opened instanceof PrismaSource legacy && !dryRun) {
          belongings(legacy, connection, keys, known, job);
        }
      } catch (IOException | RuntimeException failure) {
        progress.write("FAILED");
        throw failure;
      }
      spec.commandLine()
          .getOut()
          .println(progress.line() + "; report: " + job.directory().resolve("report.ndjson"));
      if (follow == 0) {
        progress.write("DONE");
        return progress.of(Outcome.FAILED) == 0 ? 0 : 1;
      }
      progress.write("RUNNING");
      Thread.sleep(Duration.ofSeconds(follow));
    }
  }

  private void belongings(
      PrismaSource legacy, Server connection, LentKeys keys, @Nullable Owners known, Job job)
      throws IOException {
    var belongings = new Belongings(connection, keys, known, job);
    var settings = legacy.settings();
    if (known == null && settings.size() > 1) {
      job.report("ChatSettings", "note", "of several users, left out: give --owners");
      settings = List.of();
    }
    for (var row : settings) {
      belongings.settings(row);
    }
    for (var row : legacy.files()) {
      belongings.file(row, files);
    }
  }

  private @Nullable Owners owners(Server connection) throws IOException {
    if (owners == null && !eachToItsOwner) {
      return null;
    }
    try (var keys = new LentKeys(connection, Clock.systemUTC())) {
      var known = Owners.of(keys.users());
      return owners == null ? known : known.with(owners);
    }
  }

  /// From where to where: what a job is about.
  private String subject() {
    var file = Path.of(source.source());
    var where = Files.exists(file) ? file.toAbsolutePath().normalize().toString() : source.source();
    return source.form() + " " + where + " " + server.url();
  }

  private Path usual() {
    var id = OldIds.hashed(subject()).toString();
    return Path.of("import-" + source.form() + "-" + id.substring(0, 8));
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
