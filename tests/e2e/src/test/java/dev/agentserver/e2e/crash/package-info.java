/// Sudden death under load, and what is left afterwards.
package dev.agentserver.e2e.crash;
