package dev.agentserver.settings.flag.eval;

import dev.agentserver.settings.flag.store.StoredFlag;
import java.util.List;

/// All that a tenant keeps, as it was after a revision.
///
/// @param revision 0: there was none yet
record Rows(long revision, List<StoredFlag> flags) {
  static final Rows NONE = new Rows(0, List.of());

  Rows {
    flags = List.copyOf(flags);
  }
}
