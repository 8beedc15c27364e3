/// Who may do what, and how each user chats.
package dev.agentserver.settings;
