/// Requests to hosts that users name, which must not reach what is inside.
package dev.agentserver.settings.outbound;
