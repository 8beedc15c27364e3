/// The HTTP server and its doors.
@NullMarked
package dev.agentserver.gateway.http;

import org.jspecify.annotations.NullMarked;
