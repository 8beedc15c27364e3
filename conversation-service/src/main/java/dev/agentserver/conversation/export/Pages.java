package dev.agentserver.conversation.export;

import java.util.List;

/// The messages of a file, a page at a time.
interface Pages {
  /// Those after the ones before; empty: there are no more.
  List<Exported> next();
}
