/// Who may do what in a conversation, and what each member arranges for themselves.
package dev.agentserver.conversation.member;
