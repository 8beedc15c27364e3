package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.system.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `tests/benchmarks/run [--short]`: measures, and prints the table. Fails only when something took
/// more than ten times as long as the calibration of the same run.
public final class Main {
  private static final List<String> PEERS = List.of("prisma", "node-pg");

  private Main() {}

  /// @param arguments the directory of the module, and `--short` for small windows
  public static void main(String[] arguments) {
    if (!Files.exists(Path.of("/proc/self/stat"))) {
      System.err.println("Processor time is read from /proc: this runs on Linux only.");
      System.exit(1);
    }
    var brief = List.of(arguments).contains("--short");
    var plan = brief ? Plan.brief() : Plan.full();
    if (!Peer.possible()) {
      System.out.println("No peers: there is no Node and npm.");
    }
    var report = new Report(System.out);
    System.out.println(plan);
    var sections =
        Benchmarks.run(
            Path.of(arguments[0]), plan, Peer.possible() ? PEERS : List.of(), report::print);
    report.print(sections.stream().flatMap(section -> section.findings().stream()).toList());
    System.exit(report.withinTenfold(sections) ? 0 : 1);
  }
}
