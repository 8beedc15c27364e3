/// The descriptor set, and what it says of methods and fields.
@NullMarked
package dev.agentserver.gateway.contract;

import org.jspecify.annotations.NullMarked;
