/// Many at once: retries of one write, and writes to one conversation.
package dev.agentserver.e2e.retry;
