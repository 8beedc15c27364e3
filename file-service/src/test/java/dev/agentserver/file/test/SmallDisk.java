package dev.agentserver.file.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A disk of 24 MiB in memory, for a store that becomes full.
public final class SmallDisk {
  private SmallDisk() {}

  /// Whether this process may do so.
  public static boolean mount(Path directory) {
    return succeeds("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", directory.toString());
  }

  public static void unmount(Path directory) {
    succeeds("umount", directory.toString());
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
