/// Removes users and tenants in bounded pieces, counts what is left, and reports it.
package dev.agentserver.kit.erasure;
