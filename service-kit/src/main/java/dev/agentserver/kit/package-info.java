/// What every service stands on. No domain word in it.
package dev.agentserver.kit;
