/// How much may be spent.
package dev.agentserver.agentrun.ledger.budget;
