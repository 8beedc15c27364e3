/// Access that is lost, and secrets that are shown once.
package dev.agentserver.e2e.revocation;
