/// What roles may do, built-in and the tenants' own, and who may give and take them.
package dev.agentserver.settings.role;
