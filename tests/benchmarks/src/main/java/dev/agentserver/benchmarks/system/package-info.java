/// What is measured: the server, its PostgreSQL, the peers.
@org.jspecify.annotations.NullMarked
package dev.agentserver.benchmarks.system;
