/// Sessions from state to state and from phase to phase.
package dev.agentserver.agentrun.session.drive;
