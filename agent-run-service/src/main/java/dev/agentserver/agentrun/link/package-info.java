/// What ties this service to conversation-service.
package dev.agentserver.agentrun.link;
