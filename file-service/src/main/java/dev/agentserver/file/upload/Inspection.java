package dev.agentserver.file.upload;

import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.scan.Scanner;
import dev.agentserver.file.scan.Verdict;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.UUID;

/// Has the scanner look at what was uploaded, before anybody can read it. What it could not look
/// at is refused as what it found something in: nothing slips through by its size.
public final class Inspection {
  private final ObjectStore objects;
  private final Scanner scanner;

  public Inspection(ObjectStore objects, Scanner scanner) {
    this.objects = objects;
    this.scanner = scanner;
  }

  void require(UUID file, String key, Digest digest) {
    if (!scanner.looks()) {
      return;
    }
    try (var content =
        objects
            .read(key, 0, Long.MAX_VALUE)
            .orElseThrow(() -> new IllegalStateException("no object at " + key))) {
      switch (scanner.scan(content.stream(), digest.length())) {
        case Verdict.Clean() -> {}
        case Verdict.Found(var name) -> throw rejected(file, name);
        case Verdict.Unscannable(var reason) -> throw rejected(file, reason);
      }
    }
  }

  private static RuntimeException rejected(UUID file, String finding) {
    return new Problem.Refused(
            "FILE_REJECTED",
            "the file was not taken: " + finding,
            Map.of("id", file.toString(), "finding", finding))
        .raise();
  }
}
