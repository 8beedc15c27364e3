/// What the servers of HTTP have in common. Whoever uses it brings Armeria.
@NullMarked
package dev.agentserver.kit.http;

import org.jspecify.annotations.NullMarked;
