/// JSON to the wire format.
@NullMarked
package dev.agentserver.json.read;

import org.jspecify.annotations.NullMarked;
