/// What a model gets to see of a conversation that is longer than its window.
package dev.agentserver.conversation.context;
