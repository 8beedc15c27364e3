/// What becomes of conversations whose owner, or whose tenant, is erased.
package dev.agentserver.conversation.erasure;
