package dev.agentserver.conversation.context;

/// What there is room for.
record Budget(int messages, long tokens) {
  private static final int MOST = 1_000;

  /// @param messages 0: as many as there may be
  /// @param tokens 0: as many as there may be
  static Budget of(int messages, int tokens) {
    return new Budget(
        messages == 0 ? MOST : Math.min(messages, MOST), tokens == 0 ? Integer.MAX_VALUE : tokens);
  }

  /// What is left of it.
  Budget without(Tokens used) {
    return new Budget(messages, tokens - used.count());
  }
}
