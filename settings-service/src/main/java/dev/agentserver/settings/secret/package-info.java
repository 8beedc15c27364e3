/// How secrets are encrypted, and under which keys.
package dev.agentserver.settings.secret;
