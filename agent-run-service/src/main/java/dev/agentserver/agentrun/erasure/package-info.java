/// What becomes of the rows of users and tenants that are erased.
package dev.agentserver.agentrun.erasure;
