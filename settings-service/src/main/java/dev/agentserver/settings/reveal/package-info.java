/// Where secrets leave in plain text: to the services of the system, and to the runs of agents.
package dev.agentserver.settings.reveal;
