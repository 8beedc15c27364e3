/// How much may be spent, and what is reserved of it.
package dev.agentserver.agentrun.ledger.budget;
