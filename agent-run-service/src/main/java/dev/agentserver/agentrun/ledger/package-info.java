/// What was used and what it cost, line by line, and what is said of it.
package dev.agentserver.agentrun.ledger;
