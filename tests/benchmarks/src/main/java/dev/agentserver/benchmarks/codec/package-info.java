/// What JSON costs, in one process: time and garbage of each operation, by JMH.
@NullMarked
package dev.agentserver.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
