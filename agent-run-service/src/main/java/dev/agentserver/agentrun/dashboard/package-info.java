/// What a dashboard shows, at once.
package dev.agentserver.agentrun.dashboard;
