/// What sessions work on.
package dev.agentserver.agentrun.project;
