/// Which of its languages a client speaks.
@NullMarked
package dev.agentserver.gateway.detect;

import org.jspecify.annotations.NullMarked;
