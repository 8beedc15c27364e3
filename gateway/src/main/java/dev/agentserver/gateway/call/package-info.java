/// Calls to the services: bytes in, bytes out.
@NullMarked
package dev.agentserver.gateway.call;

import org.jspecify.annotations.NullMarked;
