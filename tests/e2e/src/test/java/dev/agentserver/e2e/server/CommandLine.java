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
/// Where the tests' own JVM is watched by JaCoCo, the new one is too, so that what it executes
/// counts.
final class CommandLine {
  private static final String AGENT = "-javaagent:";

  private CommandLine() {}

  static List<String> of(int port, Path data, int tenants) {
    var command = of("dev.agentserver.allinone.Main", "768m");
    command.addAll(
        List.of(
            "--port", Integer.toString(port),
            "--data", data.toString(),
            "--tenants", Integer.toString(tenants)));
    return command;
  }

  /// A process of its own.
  static List<String> of(String mainClass, String heap) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    coverage().forEach(command::add);
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

  /// One that lives for seconds only.
  static List<String> brief(String mainClass, String... arguments) {
    var command = of(mainClass, "256m");
    command.addAll(List.of(arguments));
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
