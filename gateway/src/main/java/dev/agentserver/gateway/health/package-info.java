/// Whether the services behind the gateway answer.
@NullMarked
package dev.agentserver.gateway.health;

import org.jspecify.annotations.NullMarked;
