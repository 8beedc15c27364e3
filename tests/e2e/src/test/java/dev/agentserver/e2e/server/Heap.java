package dev.agentserver.e2e.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What a JVM holds in memory, by the JDK's own tool.
public final class Heap {
  private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");

  private Heap() {}

  /// The bytes that are left after what nobody needs was collected.
  public static long used(ProcessHandle jvm) {
    // The second collects what the first has only found to be unused.
    jcmd(jvm, "GC.run");
    jcmd(jvm, "GC.run");
    var info = jcmd(jvm, "GC.heap_info");
    // Some collectors say it of each generation.
    var used =
        USED.matcher(info).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
    if (used == 0) {
      throw new IllegalStateException("no heap in: " + info);
    }
    return used * 1024;
  }

  private static String jcmd(ProcessHandle jvm, String command) {
    var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var process = new ProcessBuilder(tool, Long.toString(jvm.pid()), command).start();
      try (var output = process.getInputStream()) {
        return new String(output.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
