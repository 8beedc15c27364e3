/// Events of applications, kept for a while and counted.
package dev.agentserver.agentrun.analytics;
