/// The words of messages, as they are searched.
package dev.agentserver.conversation.index;
