/// The operations that are measured.
@org.jspecify.annotations.NullMarked
package dev.agentserver.benchmarks.row;
