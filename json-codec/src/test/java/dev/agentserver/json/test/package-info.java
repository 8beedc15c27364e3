/// What the tests share.
@NullMarked
package dev.agentserver.json.test;

import org.jspecify.annotations.NullMarked;
