/// The ledger as files.
package dev.agentserver.agentrun.export;
