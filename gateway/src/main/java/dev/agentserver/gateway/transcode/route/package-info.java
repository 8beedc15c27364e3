/// From a method and a path to an RPC.
@NullMarked
package dev.agentserver.gateway.transcode.route;

import org.jspecify.annotations.NullMarked;
