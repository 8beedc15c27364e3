/// Conversations shown to more than their members: to the whole tenant, or to whoever has a link.
package dev.agentserver.conversation.share;
