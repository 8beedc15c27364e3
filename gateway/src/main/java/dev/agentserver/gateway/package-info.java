/// One port for everything a client may speak. What is not said otherwise is never null.
@NullMarked
package dev.agentserver.gateway;

import org.jspecify.annotations.NullMarked;
