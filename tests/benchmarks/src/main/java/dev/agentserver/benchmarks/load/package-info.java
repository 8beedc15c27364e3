/// Who calls: load generators.
@org.jspecify.annotations.NullMarked
package dev.agentserver.benchmarks.load;
