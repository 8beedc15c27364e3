/// What the roles of a user come to.
package dev.agentserver.settings.grant;
