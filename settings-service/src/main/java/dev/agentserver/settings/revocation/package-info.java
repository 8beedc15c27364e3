/// What is refused before it expires: keys, users and tenants, in the order they were revoked.
package dev.agentserver.settings.revocation;
