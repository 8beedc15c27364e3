/// What settings-service knows of the tools and integrations that agents refer to.
package dev.agentserver.agentrun.agent.registry;
