/// What the gateway is tested with: services of a test, and clients.
@NullMarked
package dev.agentserver.gateway.test;

import org.jspecify.annotations.NullMarked;
