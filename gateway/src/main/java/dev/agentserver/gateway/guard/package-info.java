/// Looks at what comes over a connection before anything is made of it.
@NullMarked
package dev.agentserver.gateway.guard;

import org.jspecify.annotations.NullMarked;
