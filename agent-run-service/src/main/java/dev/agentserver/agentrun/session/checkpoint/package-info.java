/// What builds are made of.
package dev.agentserver.agentrun.session.checkpoint;
