package dev.agentserver.agentrun.run;

/// What a worker is told on its stream.
sealed interface WorkNews {
  /// A run to work on, for the request that asked for it.
  record Leased(String requestId, Lease lease) implements WorkNews {}

  /// What is wanted of a lease that the worker holds.
  record Command(Run run, boolean inputAvailable) implements WorkNews {}

  /// A lease that is no more.
  record Ended(LeaseStore.Name lease) implements WorkNews {}

  /// The lease that was got by a request before is no more.
  record Lost(String requestId) implements WorkNews {}

  /// The server is there.
  record Alive() implements WorkNews {}
}
