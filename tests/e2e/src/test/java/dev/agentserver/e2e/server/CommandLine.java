package dev.agentserver.e2e.server;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How the process under test is started: as `./run` does, with the class path of these tests.
///
/// What a long-lived process executes counts for the coverage where JaCoCo watches the tests' own
/// JVM. The many that live for seconds do without, and start from a [StartCache].
final class CommandLine {
  static final String SMALL = "256m";

  private static final String AGENT = "-javaagent:";

  private CommandLine() {}

  /// All in one.
  static List<String> of(int port, Path data) {
    return allInOne(port, data, StartCache.options(classPath()));
  }

  /// All in one, which leaves a [StartCache] behind when it ends.
  static List<String> writing(Path cache, Path data) {
    return allInOne(0, data, Stream.of("-XX:AOTCacheOutput=" + cache));
  }

  /// All in one, counted for the coverage.
  static List<String> counted(int port, Path data) {
    return allInOne(port, data, coverage());
  }

  private static List<String> allInOne(int port, Path data, Stream<String> more) {
    var command = of("dev.agentserver.allinone.Main", "768m", more);
    command.addAll(
        List.of(
            "--port", Integer.toString(port),
            "--data", data.toString(),
            "--tenants", "2"));
    return command;
  }

  /// A small process of its own, counted for the coverage.
  static List<String> brief(String mainClass, String... arguments) {
    return small(mainClass, coverage(), arguments);
  }

  /// A process of its own with so much heap, as `-Xmx` has it, counted for the coverage.
  static List<String> sized(String mainClass, String heap) {
    return of(mainClass, heap, coverage());
  }

  /// A small process of its own that is one of many.
  static List<String> quick(String mainClass, String... arguments) {
    return small(mainClass, StartCache.options(classPath()), arguments);
  }

  private static List<String> small(String mainClass, Stream<String> more, String... arguments) {
    var command = of(mainClass, SMALL, more);
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> of(String mainClass, String heap, Stream<String> more) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    more.forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:TieredStopAtLevel=1", // none lives long enough to earn more
            "-Dagentserver.postgres.fsync=off", // a slow disk is nothing that these tests are about
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath(),
            mainClass));
    return command;
  }

  /// Without the tests themselves and their resources.
  private static String classPath() {
    var tests = Path.of("target").toAbsolutePath();
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).toAbsolutePath().startsWith(tests))
        .collect(joining(File.pathSeparator));
  }

  private static Stream<String> coverage() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(AGENT) && argument.contains("jacoco"))
        .map(argument -> argument.replace("jacoco.exec", "jacoco-children.exec"));
  }
}
