/// The registry of tools.
package dev.agentserver.settings.tool;
