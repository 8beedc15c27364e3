/// From a reply message to an HTTP response.
@NullMarked
package dev.agentserver.gateway.transcode.response;

import org.jspecify.annotations.NullMarked;
