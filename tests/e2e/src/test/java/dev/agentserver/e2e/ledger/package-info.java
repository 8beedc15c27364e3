/// What was used and what it cost, while everything dies.
package dev.agentserver.e2e.ledger;
