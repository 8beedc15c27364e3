/// What the evaluation of a feature flag costs in process.
package dev.agentserver.benchmarks.flag;
