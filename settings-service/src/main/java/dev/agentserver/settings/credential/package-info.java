/// Secrets of providers and integrations.
package dev.agentserver.settings.credential;
