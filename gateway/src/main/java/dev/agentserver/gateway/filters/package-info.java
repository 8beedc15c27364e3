/// What happens to every request on its way in.
@NullMarked
package dev.agentserver.gateway.filters;

import org.jspecify.annotations.NullMarked;
