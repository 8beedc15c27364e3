/// Somebody who answers in development: the reference worker, and the agents that it works for.
@NullMarked
package dev.agentserver.allinone.worker;

import org.jspecify.annotations.NullMarked;
