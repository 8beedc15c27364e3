/// JSON that is read strictly, and the schemas that it is checked against.
@NullMarked
package dev.agentserver.kit.json;

import org.jspecify.annotations.NullMarked;
