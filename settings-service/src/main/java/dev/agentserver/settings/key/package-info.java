/// API keys of users, and the credentials of the system's own services.
package dev.agentserver.settings.key;
