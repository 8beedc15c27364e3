/// What of a tenant's providers, models and tools lies in memory, and how it follows changes.
package dev.agentserver.settings.registry;
