/// What the codec has to know of a message type, looked up once.
@NullMarked
package dev.agentserver.json.plan;

import org.jspecify.annotations.NullMarked;
