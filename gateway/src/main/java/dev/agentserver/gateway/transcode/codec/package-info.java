/// JSON to the wire format, and back.
@NullMarked
package dev.agentserver.gateway.transcode.codec;

import org.jspecify.annotations.NullMarked;
