/// How the body of a request becomes the messages of a client's stream, while it arrives.
@NullMarked
package dev.agentserver.gateway.transcode.upload;

import org.jspecify.annotations.NullMarked;
