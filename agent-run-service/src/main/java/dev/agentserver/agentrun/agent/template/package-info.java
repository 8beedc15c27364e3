/// What agents are made from.
package dev.agentserver.agentrun.agent.template;
