/// Pieces of work that runs serve.
package dev.agentserver.agentrun.session;
