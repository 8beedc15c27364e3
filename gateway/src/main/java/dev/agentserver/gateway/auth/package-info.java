/// Who calls: credentials in, the internal token out.
@NullMarked
package dev.agentserver.gateway.auth;

import org.jspecify.annotations.NullMarked;
