/// Who is erased is gone from the whole system.
package dev.agentserver.e2e.erasure;
