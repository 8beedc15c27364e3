/// Tenants.
package dev.agentserver.settings.organization;
