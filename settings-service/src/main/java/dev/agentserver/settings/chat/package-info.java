/// How each user chats.
package dev.agentserver.settings.chat;
