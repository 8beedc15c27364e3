/// Stopping work whose caller has gone.
@NullMarked
package dev.agentserver.kit.cancel;

import org.jspecify.annotations.NullMarked;
