/// What readers think of messages.
package dev.agentserver.conversation.feedback;
