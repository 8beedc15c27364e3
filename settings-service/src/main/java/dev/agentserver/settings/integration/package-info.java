/// The outside systems that tenants have connected.
package dev.agentserver.settings.integration;
