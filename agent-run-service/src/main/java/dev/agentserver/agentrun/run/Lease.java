package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.agent.PinnedAgent;
import org.jspecify.annotations.Nullable;

/// The right to work on a run: its newest lease, and what comes with it.
///
/// @param agent what the run keeps to; null: it has none
record Lease(Run run, Tokens.Token token, @Nullable PinnedAgent agent) {}
