/// Answers that are not successes.
@NullMarked
package dev.agentserver.gateway.fault;

import org.jspecify.annotations.NullMarked;
