/// Runs: begun by users, worked on by whoever leases them.
package dev.agentserver.agentrun.run;
