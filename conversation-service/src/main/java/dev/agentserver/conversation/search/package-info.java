/// Finds messages by what they say.
package dev.agentserver.conversation.search;
