/// What is used and what it costs, as everybody is told it.
package dev.agentserver.e2e.cost;
