/// Runs of agents, and what they may.
package dev.agentserver.e2e.run;
