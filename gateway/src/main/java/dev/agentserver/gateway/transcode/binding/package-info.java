/// From an HTTP request to a request message.
@NullMarked
package dev.agentserver.gateway.transcode.binding;

import org.jspecify.annotations.NullMarked;
