package dev.agentserver.kit.eventlog;

/// An event of the tests.
record Line(long seq, String text) {}
