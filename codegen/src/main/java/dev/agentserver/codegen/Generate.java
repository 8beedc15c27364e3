package dev.agentserver.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Turns migrations into jOOQ tables: they are run on a real PostgreSQL, whose catalogue is then
/// read.
///
/// Arguments: the Java package, the output directory, then one or more directories of migrations.
/// All are applied, in the order given; tables are generated of what the last directory adds. So a
/// service names the kit's migrations first, because its own may stand on them, and gets its own
/// tables only. A directory named twice counts once.
///
/// A stamp beside the output holds the hash of everything that went in; when it is unchanged
/// nothing is done.
public final class Generate {
  private Generate() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      throw new IllegalArgumentException(
          "usage: Generate <package> <output> <migrations> [<migrations>…]");
    }
    var output = Path.of(args[1]);
    var migrations =
        Arrays.stream(args)
            .skip(2)
            .map(Path::of)
            .map(path -> path.toAbsolutePath().normalize())
            .distinct()
            .toList();
    var generated = run(args[0], output, migrations);
    System.out.println(
        generated
            ? "Generated " + args[0] + " from " + migrations
            : "Migrations are unchanged: nothing to generate");
  }

  /// Generates unless the stamp says that it was done.
  ///
  /// @return whether anything was generated
  static boolean run(String targetPackage, Path output, List<Path> migrations) throws Exception {
    for (var directory : migrations) {
      if (!Files.isDirectory(directory)) {
        throw new IllegalArgumentException("no migrations: " + directory + " is not a directory");
      }
    }
    var stamp = output.resolve(".stamp");
    var fingerprint = Fingerprint.of(targetPackage, migrations);
    if (Files.exists(stamp) && Files.readString(stamp).equals(fingerprint)) {
      return false;
    }
    try (var scratch = ScratchPostgres.start()) {
      var added = scratch.migrate(migrations);
      new Tables(scratch.url(), ScratchPostgres.SCHEMA)
          .generate(targetPackage, output, added, scratch.searchColumns());
    }
    writeStamp(stamp, fingerprint);
    return true;
  }

  private static void writeStamp(Path stamp, String fingerprint) throws IOException {
    Files.createDirectories(stamp.getParent());
    Files.writeString(stamp, fingerprint);
  }
}
