/// What it takes in process to say what a call used and what it cost.
package dev.agentserver.benchmarks.usage;
