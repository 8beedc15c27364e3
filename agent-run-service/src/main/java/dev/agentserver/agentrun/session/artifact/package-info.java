/// What the files of sessions say.
package dev.agentserver.agentrun.session.artifact;
