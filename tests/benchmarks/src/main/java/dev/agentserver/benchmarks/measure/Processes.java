package dev.agentserver.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The processes that do the work of a column, and what they have used (Linux: `/proc`).
///
/// @param servers process ids
/// @param postmaster PostgreSQL's first process
public record Processes(List<Long> servers, long postmaster) {
  /// utime is the 14th field of `/proc/<pid>/stat`: the 11th after the command in parentheses.
  private static final int USER = 11;

  /// What the kernel counts processor time in, whatever its own clock does (USER_HZ).
  private static final double TICKS = 100;

  /// Everything used so far. A backend that ended has left its time with the postmaster.
  Cpu read() {
    var server = servers.stream().mapToDouble(pid -> ticks(pid, 2)).sum();
    var backends =
        ProcessHandle.of(postmaster).stream()
            .flatMap(ProcessHandle::children)
            .mapToDouble(child -> ticks(child.pid(), 2))
            .sum();
    var generator = ticks(ProcessHandle.current().pid(), 4);
    return new Cpu(server / TICKS, (ticks(postmaster, 4) + backends) / TICKS, generator / TICKS);
  }

  /// utime and stime, and with `fields` 4 also those of the children that ended.
  private static double ticks(long pid, int fields) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      var values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      var sum = 0.0;
      for (var field = USER; field < USER + fields; field++) {
        sum += Long.parseLong(values[field]);
      }
      return sum;
    } catch (IOException _) {
      return 0; // It ended between the list and the look.
    }
  }
}
