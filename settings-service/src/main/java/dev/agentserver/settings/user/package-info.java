/// Who there is in a tenant.
package dev.agentserver.settings.user;
