/// Who may do what, derived from the contracts alone and tried on every RPC through every door.
package dev.agentserver.e2e.access;
