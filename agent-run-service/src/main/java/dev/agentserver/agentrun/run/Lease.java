package dev.agentserver.agentrun.run;

/// The right to work on a run: its newest lease, and the token that comes with it.
record Lease(Run run, Tokens.Token token) {}
