/// Conversations that must not be lost.
package dev.agentserver.conversation.hold;
