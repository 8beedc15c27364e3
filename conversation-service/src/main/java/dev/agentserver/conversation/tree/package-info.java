/// Where messages are: branches, what hangs on what, and how a path is read.
package dev.agentserver.conversation.tree;
