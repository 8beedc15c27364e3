/// What ties this service to agent-run-service and to file-service.
package dev.agentserver.conversation.link;
