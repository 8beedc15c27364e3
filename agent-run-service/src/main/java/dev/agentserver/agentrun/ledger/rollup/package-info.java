/// The ledger, added up while it is written.
package dev.agentserver.agentrun.ledger.rollup;
