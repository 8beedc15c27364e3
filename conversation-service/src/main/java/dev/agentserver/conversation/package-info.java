/// The system of record for chats: what was said, in which branch, by whom.
package dev.agentserver.conversation;
