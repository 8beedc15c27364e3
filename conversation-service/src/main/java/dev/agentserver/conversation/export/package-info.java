/// Conversations as files.
package dev.agentserver.conversation.export;
