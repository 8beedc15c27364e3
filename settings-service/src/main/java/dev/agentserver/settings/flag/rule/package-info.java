/// Flags as flagd defines them, and what they answer.
package dev.agentserver.settings.flag.rule;
