/// Who acts: the internal access token, its verification by every service, its issue by one, and
/// API keys.
@NullMarked
package dev.agentserver.kit.identity;

import org.jspecify.annotations.NullMarked;
