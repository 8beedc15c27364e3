package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.Fingerprint;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.commandline.source.HistorySource;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;

/// Compares every conversation of a source with the server's, by hash.
public final class Verification {
  /// What was found.
  public record Result(int equal, int different, int missing, int refused) {
    /// Whether everything the source has is here as it is there.
    public boolean whole() {
      return different == 0 && missing == 0 && refused == 0;
    }
  }

  private final HistorySource source;
  private final Copies copies;
  private final int hands;
  private final PrintWriter out;

  /// @param out where those are named that are not equal
  public Verification(HistorySource source, Server server, int hands, PrintWriter out) {
    this.source = source;
    this.copies = new Copies(server);
    this.hands = hands;
    this.out = out;
  }

  public Result run() throws IOException {
    var equal = new AtomicInteger();
    var different = new AtomicInteger();
    var missing = new AtomicInteger();
    var refused = new AtomicInteger();
    try (var pass =
        new Pass(
            hands,
            history -> {
              var here = copies.find(history.id());
              if (here.isEmpty()) {
                missing.incrementAndGet();
                out.println("missing    " + history.oldId());
              } else if (Fingerprint.of(here.get().history()).equals(Fingerprint.of(history))) {
                equal.incrementAndGet();
              } else {
                different.incrementAndGet();
                out.println("different  " + history.oldId() + "  " + history.id());
              }
            },
            (oldId, why) -> {
              refused.incrementAndGet();
              out.println("refused    " + oldId + "  " + why);
            })) {
      pass.over(source);
    }
    return new Result(equal.get(), different.get(), missing.get(), refused.get());
  }
}
