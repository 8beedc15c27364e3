/// The removal of all that the system keeps of a user or of a tenant.
package dev.agentserver.settings.erasure;
