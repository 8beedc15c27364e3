package dev.agentserver.kit.erasure;

import java.util.List;

/// Where it is told what an erasure has done.
@FunctionalInterface
public interface ErasureReports {
  /// Returns once it is noted there; fails otherwise.
  void send(Erased whom, List<ErasedTable> tables);
}
