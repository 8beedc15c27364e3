package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.load.Pgbench;
import dev.agentserver.benchmarks.row.Keeping;
import dev.agentserver.benchmarks.system.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `tests/benchmarks/run [--short] [append] [list] [latency] [deltas] [watch] [tokens] [exchange]
/// [chain] [replicas] [config] [settings] [flags] [acquire] [events] [runs] [usage] [dashboard]
/// [search] [page] [path] [growth] [files] [hop]`: measures and prints the table. Fails only where
/// something is beyond ten times the calibration of the same run.
public final class Main {
  private static final List<String> PEERS = List.of("prisma", "node-pg", Keeping.PEER);

  private Main() {}

  /// @param arguments the directory of the module; `--short` for small windows; what to measure
  public static void main(String[] arguments) {
    if (!Files.exists(Path.of("/proc/self/stat"))) {
      System.err.println("Processor time is read from /proc: this runs on Linux only.");
      System.exit(1);
    }
    var only = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    var brief = only.remove("--short");
    var plan = brief ? Plan.brief() : Plan.full();
    if (!Peer.possible()) {
      System.out.println("No peers: there is no Node and npm.");
    }
    if (!Pgbench.available()) {
      System.out.println("No floor: there is no pgbench (Debian: apt install postgresql).");
    }
    if (!H2load.available()) {
      System.out.println("The load comes from this JVM: there is no h2load (nghttp2-client).");
    }
    var report = new Report(System.out);
    System.out.println(plan);
    var sections =
        Benchmarks.run(
            Path.of(arguments[0]), plan, only, Peer.possible() ? PEERS : List.of(), report::print);
    report.print(sections);
    System.exit(report.withinTenfold(sections) ? 0 : 1);
  }
}
