/// What the operator of an installation does not want to be said in it.
package dev.agentserver.conversation.rule;
