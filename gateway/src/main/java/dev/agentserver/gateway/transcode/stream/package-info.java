/// How the messages of a server stream are written into the body of an HTTP response.
@NullMarked
package dev.agentserver.gateway.transcode.stream;

import org.jspecify.annotations.NullMarked;
