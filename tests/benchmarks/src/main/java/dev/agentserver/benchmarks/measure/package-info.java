/// Windows, processor time, and what follows from them.
@org.jspecify.annotations.NullMarked
package dev.agentserver.benchmarks.measure;
