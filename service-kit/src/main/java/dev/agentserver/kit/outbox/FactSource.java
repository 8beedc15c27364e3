package dev.agentserver.kit.outbox;

import java.util.List;

/// Another service's outbox.
@FunctionalInterface
public interface FactSource {
  /// The facts after a position, in order; waits a while for the first one.
  ///
  /// @throws BeyondHead when the outbox has not come as far as that
  List<PulledFact> after(long position);

  /// The outbox is behind its consumer: it came back from an old backup.
  final class BeyondHead extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BeyondHead(Throwable cause) {
      super("the outbox has not come as far as its consumer", cause);
    }
  }
}
