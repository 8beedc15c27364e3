/// The wire format to JSON.
@NullMarked
package dev.agentserver.json.print;

import org.jspecify.annotations.NullMarked;
