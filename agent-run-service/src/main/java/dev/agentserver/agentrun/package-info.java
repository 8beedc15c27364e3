/// What agents there are, what they are doing, and what they did.
package dev.agentserver.agentrun;
