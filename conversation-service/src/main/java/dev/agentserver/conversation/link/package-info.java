/// What ties this service to agent-run-service.
package dev.agentserver.conversation.link;
