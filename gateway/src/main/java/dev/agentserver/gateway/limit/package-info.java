/// How much each caller may do.
@NullMarked
package dev.agentserver.gateway.limit;

import org.jspecify.annotations.NullMarked;
