/// What ties this service to conversation-service and to file-service.
package dev.agentserver.agentrun.link;
