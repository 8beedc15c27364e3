/// JSON to protobuf's wire format and back, without messages in between: see [JsonCodec].
@NullMarked
package dev.agentserver.json;

import org.jspecify.annotations.NullMarked;
