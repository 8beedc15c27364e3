/// Protobuf's own conformance suite.
@NullMarked
package dev.agentserver.json.conformance;

import org.jspecify.annotations.NullMarked;
