/// What is asked of the ledger.
package dev.agentserver.agentrun.ledger.query;
