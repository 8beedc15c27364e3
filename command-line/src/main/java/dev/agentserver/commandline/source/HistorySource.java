package dev.agentserver.commandline.source;

import dev.agentserver.commandline.history.History;
import java.io.IOException;

/// Where conversations come from.
public interface HistorySource {
  /// Takes one conversation after the other. It may wait, and so holds up the reading.
  interface Taker {
    /// A conversation that was understood.
    void take(History history) throws IOException;

    /// One that was not.
    void refused(String oldId, String why) throws IOException;
  }

  /// The name it has on the command line and in what is kept.
  String name();

  /// Reads everything once, however long it is, with one conversation in memory at a time.
  void readAll(Taker taker) throws IOException;
}
