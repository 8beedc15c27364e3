/// Words that conversations are found by.
package dev.agentserver.conversation.tag;
