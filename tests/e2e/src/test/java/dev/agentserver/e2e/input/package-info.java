/// What should not come, and comes.
package dev.agentserver.e2e.input;
