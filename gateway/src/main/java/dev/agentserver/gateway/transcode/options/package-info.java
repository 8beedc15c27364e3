/// How REST is transcoded: the names are those of Envoy's GrpcJsonTranscoder.
@NullMarked
package dev.agentserver.gateway.transcode.options;

import org.jspecify.annotations.NullMarked;
