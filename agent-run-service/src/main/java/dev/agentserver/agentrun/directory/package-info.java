/// What is on the server's own disk, where the operator allows it.
package dev.agentserver.agentrun.directory;
