/// How usage comes into the ledger.
package dev.agentserver.agentrun.ledger.record;
