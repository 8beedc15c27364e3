/// Branches as somebody asks for them: which there are, which one is on, and copies of their paths.
package dev.agentserver.conversation.branch;
