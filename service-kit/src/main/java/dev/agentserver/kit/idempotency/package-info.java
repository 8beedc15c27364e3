/// Writes that may be retried: one effect and one reply for one request id.
package dev.agentserver.kit.idempotency;
