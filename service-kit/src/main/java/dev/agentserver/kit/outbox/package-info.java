/// What other services must learn: written with the effect, numbered after the commit, pulled by
/// whoever needs it.
package dev.agentserver.kit.outbox;
