/// Starting, stopping and being found.
package dev.agentserver.e2e.start;
