/// Benchmarks: what an operation costs beside what it costs elsewhere, in one run.
@org.jspecify.annotations.NullMarked
package dev.agentserver.benchmarks;
