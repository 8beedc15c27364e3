/// What a process tells its operators: metrics, logs, health.
@NullMarked
package dev.agentserver.kit.observe;

import org.jspecify.annotations.NullMarked;
