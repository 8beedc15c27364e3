/// Bytes, and values as text.
@NullMarked
package dev.agentserver.json.text;

import org.jspecify.annotations.NullMarked;
