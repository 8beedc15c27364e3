/// Where files are used: conversations, and what conversation-service says of them.
package dev.agentserver.file.link;
